/* lumbar eval seat: a manifest of states, a manifest of labels, faults, and real drivers. */
#include "lumbar.h"
#include "support.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char layout[] = "cell,x_mm,y_mm,region\n0,-100,100,seat\n1,100,100,seat\n"
                             "2,-100,-100,seat\n3,100,-100,seat\n4,-80,200,back\n5,80,200,back\n";

static double number(const json_t *root, const char *object, const char *key)
{
	const json_t *of = object ? json_object_get(root, object) : root;

	assert_true(json_is_number(json_object_get(of, key)));
	return json_number_value(json_object_get(of, key));
}

static void states_by_file(void **state)
{
	(void)state;
	free(scratch_file("layout.csv", layout));
	free(scratch_file("up.txt", "50,52,90,88,40,41\n51,50,89,90,40,42\n"));
	free(scratch_file("left.txt", "70,30,120,60,40,40\n72,31,120,61,39,41\n"));
	free(scratch_file("forward.txt", "100,99,80,82,0,1\nnot a frame\n"));
	free(scratch_file("empty.txt", "0,0,1,0,0,0\n"));
	char *manifest = scratch_file("states.csv",
	    "file,layout,rate_hz,full_scale,subject,state,baseline,note\n"
	    "up.txt,layout.csv,10,255,a,upright,1,x\nleft.txt,layout.csv,10,255,a,lean_left,0,x\n"
	    "forward.txt,layout.csv,10,255,a,forward,0,x\n"
	    "empty.txt,layout.csv,10,255,a,empty,0,x\n");
	json_t *root = lumbar_json("eval seat --json %s", manifest);

	assert_float_equal(number(root, "recall", "upright"), 1, 1e-6);
	assert_float_equal(number(root, "recall", "lean_left"), 1, 1e-6);
	assert_float_equal(number(root, "recall", "forward"), 0.5, 1e-6); /* a line is no frame */
	assert_float_equal(number(root, "recall", "empty"), 1, 1e-6);
	assert_float_equal(number(root, NULL, "balanced_accuracy"), 3.5 / 4, 1e-6);
	assert_float_equal(number(root, NULL, "unknown"), 1.0 / 7, 1e-6);
	json_t *subject = json_object_get(json_object_get(root, "per_subject"), "a");
	assert_float_equal(number(subject, NULL, "balanced_accuracy"), 3.5 / 4, 1e-6);
	json_decref(root);
	free(manifest);
}

static void labels_by_frame(void **state)
{
	(void)state;
	free(scratch_file("pad.txt", "20,20,60,60\n20,20,60,60\n10,30,40,90\n5,5,5,5\n"));
	free(scratch_file(
	    "pad.labels.csv", "frame,label\n0,neutral\n1,baseline\n2,lean_right\n3,\n"));
	char *manifest = scratch_file(
	    "labels.csv", "file,labels,rows,cols,subject\npad.txt,pad.labels.csv,2,2,b\n");
	json_t *root = lumbar_json("eval seat --json %s", manifest);

	/* Without full_scale 4095 is meant: 60 counts are 1.5 %, and nobody sits. */
	assert_float_equal(number(root, "recall", "upright"), 0, 1e-6);
	json_decref(root);
	free(manifest);
	manifest = scratch_file("labels2.csv",
	    "file,labels,rows,cols,subject,full_scale\npad.txt,pad.labels.csv,2,2,b,100\n");
	root = lumbar_json("eval seat --json %s", manifest);
	assert_float_equal(number(root, "recall", "upright"), 1, 1e-6);
	assert_float_equal(number(root, "recall", "lean_right"), 1, 1e-6);
	json_decref(root);
	free(manifest);
}

static void faults_are_named(void **state)
{
	(void)state;
	static const struct {
		const char *manifest, *said;
	} rows[] = {
	    {"file,rows,cols,state\npad.txt,2,2,upright\n", "subject"},
	    {"file,subject,state\npad.txt,b,upright\n", "layout"},
	    {"file,subject,rows,cols\npad.txt,b,2,2\n", "labels"},
	    {"file,subject,rows,cols,state\npad.txt,b,2,2,sideways\n", "sideways"},
	    {"file,subject,rows,cols,state\nnone.txt,b,2,2,upright\n", "none.txt"},
	    {"file,subject,rows,cols,state,full_scale\npad.txt,b,2,2,upright,-1\n", "full_scale"},
	    {"file,subject,rows,cols,labels\npad.txt,b,2,2,late.csv\n", "99"},
	};

	free(scratch_file("pad.txt", "20,20,60,60\n"));
	free(scratch_file("late.csv", "frame,label\n99,neutral\n"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *manifest = scratch_file("faulty.csv", rows[i].manifest);
		lumbar_expect(1, rows[i].said, "eval seat %s", manifest);
		assert_string_equal(strchr(lumbar_said(), '\n'), "\n"); /* one line */
		free(manifest);
	}
}

/* Four drivers who lean to steer, each against nothing but the own neutral frames. */
static void real_drivers(void **state)
{
	(void)state;
	char *manifest = data_path("wheelchair-seat/manifest.csv");

	if (!manifest) {
		print_message("set DATA to the folder that holds wheelchair-seat\n");
		skip();
	}
	json_t *root = lumbar_json("eval seat --json %s", manifest);
	double left = number(root, "recall", "lean_left");
	double right = number(root, "recall", "lean_right");
	double forward = number(root, "recall", "forward");

	assert_true((left + right + forward) / 3 >= 0.90);
	assert_true(number(root, NULL, "balanced_accuracy") >= 0.88);
	json_decref(root);
	free(manifest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(states_by_file),
	    cmocka_unit_test(labels_by_frame),
	    cmocka_unit_test(faults_are_named),
	    cmocka_unit_test(real_drivers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
