# Lumbar. `make help` lists the targets.
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

PACKAGES = libmodbus fftw3f sqlite3 inih jansson libsystemd libzstd lapacke
WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wvla -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wundef -Wwrite-strings -Werror
CPPFLAGS += -D_GNU_SOURCE -Isrc -I. -I$(BUILD)/gen -Itests/support -DLUMBAR_PREFIX='"$(PREFIX)"'
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=c17 $(WARNINGS) -pthread $(CFLAGS) $(SANITIZE) \
	$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LIBS = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lm -pthread

MAINS = src/app/main_lumbard.c src/app/main_lumbar.c
SOURCES := $(filter-out $(MAINS),$(shell find src drivers calib -name '*.c' 2>/dev/null | LC_ALL=C sort))
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o)
TESTS := $(wildcard tests/unit/test_*.c tests/contract/test_*.c tests/scenario/test_*.c)
TEST_PROGRAMS := $(TESTS:%.c=$(BUILD)/%)
TEST_SUPPORT := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/support/*.c))

.PHONY: all
all: $(BUILD)/lumbard $(BUILD)/lumbar

# Files that are compiled in: src/store/schema.sql is included as "store/schema.sql.inc".
EMBEDDED := $(shell find src -name '*.sql' -o -name '*.css' -o -name '*.js' -o -name '*.html')
EMBEDS := $(EMBEDDED:src/%=$(BUILD)/gen/%.inc)

$(BUILD)/gen/%.inc: src/% scripts/embed.sh
	@mkdir -p $(@D)
	$(call QUIET,EMBED,$@)scripts/embed.sh $< >$@.tmp && mv $@.tmp $@

$(BUILD)/gen/%.inc: % scripts/embed.sh
	@mkdir -p $(@D)
	$(call QUIET,EMBED,$@)scripts/embed.sh $< >$@.tmp && mv $@.tmp $@

$(BUILD)/obj/%.o: %.c | $(EMBEDS)
	@mkdir -p $(@D)
	$(call QUIET,CC,$@)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/liblumbar.a: $(OBJECTS)
	@rm -f $@
	$(call QUIET,AR,$@)ar rcs $@ $^

$(BUILD)/%: $(BUILD)/obj/src/app/main_%.o $(BUILD)/liblumbar.a
	$(call QUIET,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(TEST_SUPPORT) $(BUILD)/liblumbar.a
	@mkdir -p $(@D)
	$(call QUIET,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

.PHONY: test
test: all $(TEST_PROGRAMS)
	@scripts/test.sh $(BUILD) $(TEST_PROGRAMS)

.PHONY: layers
layers:
	@scripts/layers.sh

.PHONY: clean
clean:
	rm -rf $(BUILD) build-*

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
