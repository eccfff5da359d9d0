/* lumbar drivers test SURFACE: first light of a mat that was just wired. */
#ifndef LUMBAR_APP_DRIVERS_TEST_H
#define LUMBAR_APP_DRIVERS_TEST_H

/*
 * argv[0] "test" and what followed it. EXIT_OK when frames came, EXIT_FAULT when none did or nothing could be
 * opened, EXIT_USAGE.
 */
int drivers_test(int argc, char **argv);

#endif
