# Lumbar. `make help` lists the targets; the lines that open with ## below are what it prints.
SHELL := /bin/sh
ifeq ($(origin CC),default)
CC = gcc
endif
V ?= 0
ifeq ($(V),0)
QUIET = @printf '  %-5s %s\n' $(1) $(2);
endif
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc 2>/dev/null || echo 1)
SUBMAKE = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

PACKAGES = libmodbus libgpiod fftw3f sqlite3 inih jansson libsystemd libzstd cairo pangocairo
WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wvla -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wundef -Wwrite-strings -Werror
CPPFLAGS += -D_GNU_SOURCE -Isrc -I. -I$(BUILD)/gen -Itests/support -DLUMBAR_PREFIX=\"$(PREFIX)\"
CFLAGS ?= -O3 -g
PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
ALL_CFLAGS = -std=c17 $(WARNINGS) -pthread $(CFLAGS) $(SANITIZE) $(PACKAGE_CFLAGS)
LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -ledf -lm -pthread

MAINS = src/app/main_lumbard.c src/app/main_lumbar.c
# libgpiod 1 and 2 share nothing: drivers/lines.h has a file for each, and one is compiled.
OTHER_LINES := drivers/lines_$(if $(shell pkg-config --atleast-version=2 libgpiod && echo 2),v1,v2).c
SOURCES := $(filter-out $(MAINS) $(OTHER_LINES),$(shell find src drivers calib -name '*.c' 2>/dev/null | LC_ALL=C sort))
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o)
TESTS := $(wildcard tests/unit/test_*.c tests/contract/test_*.c tests/scenario/test_*.c)
TEST_PROGRAMS := $(TESTS:%.c=$(BUILD)/%)
GPIO_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/gpio/*.c))
GPIO_SUPPORT := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/gpio/support/*.c))
TEST_SUPPORT := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/support/*.c))
GALLERY := $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out %/gallery.c,$(wildcard tests/gallery/*.c)))
FAKES := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/fakes/*.c))
ON_FAKES := $(addprefix $(BUILD)/tests/,unit/test_hx711 unit/test_switch unit/test_matrix \
	unit/test_matrix_ghosts unit/test_matrix_wiring unit/test_indicators contract/test_drivers)
COUNT_ALLOCATIONS = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
BENCH_SUPPORT := $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out tests/bench/bench_%,$(wildcard tests/bench/*.c)))
BENCHES := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/bench_*.c))
ALL_C := $(SOURCES) $(MAINS) $(shell find tests -name '*.c' -not -path 'tests/gpio/kernel/*' 2>/dev/null | LC_ALL=C sort)

.PHONY: all demo check test asan tsan fuzz fuzzers coverage bench gallery eval layers lint format format-check \
	docs-check po manual tests gpio gpio-tests install clean help
.SECONDARY:

all: $(BUILD)/lumbard $(BUILD)/lumbar ## build lumbard and lumbar (the default)

# Files that are compiled in: src/store/schema.sql is included as "store/schema.sql.inc".
EMBEDDED := $(shell find src -name '*.sql' -o -name '*.css' -o -name '*.js' -o -name '*.html')
EMBEDS := $(EMBEDDED:src/%=$(BUILD)/gen/%.inc) \
	$(BUILD)/gen/body/posture.model.inc $(BUILD)/gen/base/languages.inc
$(BUILD)/gen/body/posture.model.inc: calib/models/posture.model scripts/embed.sh
	@mkdir -p $(@D)
	$(call QUIET,EMBED,$@)scripts/embed.sh $< >$@.tmp && mv $@.tmp $@
.SECONDARY: # keep objects and embeds that no rule names

$(BUILD)/gen/%.inc: src/% scripts/embed.sh
	@mkdir -p $(@D)
	$(call QUIET,EMBED,$@)scripts/embed.sh $< >$@.tmp && mv $@.tmp $@

$(BUILD)/gen/%.inc: % scripts/embed.sh
	@mkdir -p $(@D)
	$(call QUIET,EMBED,$@)scripts/embed.sh $< >$@.tmp && mv $@.tmp $@

LANGUAGES := $(sort $(wildcard po/*.po))
$(BUILD)/gen/base/languages.inc: $(LANGUAGES) scripts/languages.sh
	@mkdir -p $(@D)
	$(call QUIET,EMBED,$@)scripts/languages.sh $(LANGUAGES) >$@.tmp && mv $@.tmp $@

# Holds the compiler's command line: when that changes (PREFIX, CFLAGS), everything is built anew.
$(BUILD)/flags: export FLAGS = $(CC) $(CPPFLAGS) $(ALL_CFLAGS)
$(BUILD)/flags: FORCE
	@pkg-config --exists $(PACKAGES) || \
		{ echo "libraries are missing; this installs them: scripts/setup.sh build"; exit 1; }
	@mkdir -p $(@D)
	@printf '%s\n' "$$FLAGS" | cmp -s - $@ || printf '%s\n' "$$FLAGS" >$@
FORCE:

$(BUILD)/obj/%.o: %.c $(BUILD)/flags | $(EMBEDS)
	@mkdir -p $(@D)
	$(call QUIET,CC,$@)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/liblumbar.a: $(OBJECTS)
	@rm -f $@
	$(call QUIET,AR,$@)ar rcs $@ $^

$(BUILD)/%: $(BUILD)/obj/src/app/main_%.o $(BUILD)/liblumbar.a
	$(call QUIET,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# Fakes stand before the library, so that the linker takes them in place of its own; so does what
# calls it.
$(ON_FAKES): FAKED = $(FAKES)
$(ON_FAKES): $(FAKES)
ON_GALLERY := $(addprefix $(BUILD)/tests/,gallery/gallery unit/test_gallery)
$(ON_GALLERY): FAKED = $(GALLERY)
$(ON_GALLERY): $(GALLERY)
$(GPIO_TESTS): FAKED = $(GPIO_SUPPORT)
$(GPIO_TESTS): $(GPIO_SUPPORT)
$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(TEST_SUPPORT) $(BUILD)/liblumbar.a
	@mkdir -p $(@D)
	$(call QUIET,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(FAKED) \
		$(filter-out $< $(FAKED),$^) $(LIBS) -lcmocka

# ---- what a person runs -------------------------------------------------------------------------

demo: ## install what is missing, build, and show a live mat, a simulated day and its report
	@scripts/setup.sh build
	@$(SUBMAKE) all
	@scripts/demo.sh $(BUILD)

check: ## install what is missing, build, and run the tests
	@scripts/setup.sh build test
	@$(SUBMAKE) test

test: all $(TEST_PROGRAMS) ## run the tests (DATA=FOLDER: also those on recordings of real mats)
	@DATA='$(DATA)' scripts/test.sh $(BUILD) $(TEST_PROGRAMS) tests/fault/quick.sh

install: all ## install below DESTDIR and PREFIX (default /usr/local)
	@scripts/install.sh $(BUILD) "$(DESTDIR)" "$(PREFIX)"

clean: ## remove what was built
	rm -rf $(BUILD) build-* compile_commands.json

# ---- what a developer runs ----------------------------------------------------------------------

asan: ## run the tests under the address and undefined-behaviour sanitizers
	@LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 \
		TEST_LIMIT_S=600 $(SUBMAKE) test BUILD=build-asan CFLAGS='-O1 -g -fno-omit-frame-pointer' \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all'

# Only tests with threads or the daemon in them: of the others there is nothing to find.
THREADED = $(shell grep -lE 'pthread_create|"lumbard"|live_frames|acquire_start|modbus_bench' tests/unit/*.c tests/contract/*.c \
	tests/scenario/*.c)
tsan: ## run the tests that have threads under the thread sanitizer
	@TEST_LIMIT_S=600 $(SUBMAKE) test BUILD=build-tsan CFLAGS='-O2 -g' SANITIZE='-fsanitize=thread' \
		TESTS='$(THREADED)'

FUZZERS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
$(FUZZERS): $(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/obj/tests/fuzz/file.o $(BUILD)/liblumbar.a
	@mkdir -p $(@D)
	$(call QUIET,LD,$@)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LIBS)
fuzzers: all $(FUZZERS)

fuzz: ## throw bytes at what reads files, each for TIME=10 seconds (clang)
	@scripts/setup.sh build fuzz
	@$(SUBMAKE) fuzzers BUILD=build-fuzz CC=clang CFLAGS='-O1 -g' \
		SANITIZE='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all'
	@tests/fuzz/run build-fuzz $(or $(TIME),10)

coverage: ## run the tests and print the share of lines that they reach, file by file
	@$(SUBMAKE) test BUILD=build-coverage CFLAGS='-O0 -g --coverage'
	@scripts/coverage.sh build-coverage

$(BUILD)/tests/bench/bench_report: $(GALLERY)
$(BUILD)/tests/bench/bench_%: $(BUILD)/obj/tests/bench/bench_%.o $(BENCH_SUPPORT) $(BUILD)/liblumbar.a
	@mkdir -p $(@D)
	$(call QUIET,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(COUNT_ALLOCATIONS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)

bench: $(BENCHES) ## measure frames a second, time a stage, memory and allocations
	@for bench in $(BENCHES); do $$bench || exit 1; done

gallery: $(BUILD)/tests/gallery/gallery ## render designed nights into build/gallery, and with Chromium as pictures
	@$(BUILD)/tests/gallery/gallery $(BUILD)/gallery
	@tests/browser/pictures.py $(BUILD)/gallery

eval: all ## measure docs/figures.txt anew on recordings (DATA=FOLDER; SHORT=1: fewer)
	@scripts/setup.sh eval
	@NIGHTS=$(NIGHTS) scripts/eval.sh $(BUILD) "$(DATA)" $(if $(SHORT),--short)

po: ## bring the texts of the sources into po/*.po, for translators
	@scripts/po.sh update

layers: ## check who includes whom; silent when all is well
	@scripts/layers.sh

lint: compile_commands.json ## clang-tidy, cppcheck and a clang build; silent when all is well
	@scripts/lint.sh
	@$(SUBMAKE) -s all tests BUILD=build-clang CC=clang QUIET=@

gpio: ## run the GPIO drivers on emulated parts, in a kernel that runs as a program
	@scripts/setup.sh build test gpio
	@tests/gpio/run

gpio-tests: all $(GPIO_TESTS) # what runs in that kernel

tests: $(TEST_PROGRAMS) $(GPIO_TESTS) $(BENCHES)

format: ## lay out the C sources
	@git ls-files '*.c' '*.h' | xargs clang-format -i

format-check: ## fail, naming the places, where `make format` would change something
	@git ls-files '*.c' '*.h' | xargs clang-format --dry-run --Werror

manual: all ## write the settings of drivers and rules into lumbard.conf(5)
	@scripts/manual.sh $(BUILD)

docs-check: all ## check the manual pages and the links between documents
	@scripts/docs-check.sh $(BUILD)
	@scripts/po.sh check

compile_commands.json: export COMPILE = $(CC) $(CPPFLAGS) $(ALL_CFLAGS)
compile_commands.json: Makefile $(EMBEDS) $(ALL_C) ## the compiler's command for each file, for editors and clang-tidy
	@scripts/compile-commands.sh $(ALL_C) >$@

help: ## print this list
	@awk -F ':.*## ' '/^[a-z_.-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' Makefile

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
