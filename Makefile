# A thin front to CMake. The two commands of the README: `make demo` and `make test`.
BUILD ?= build
SANITIZE_BUILD ?= build-sanitize
THREAD_BUILD ?= build-threads
FUZZ_BUILD ?= build-fuzz
FUZZ_SECONDS ?= 15
JOBS ?= $(shell nproc)

MAKEFLAGS += --no-print-directory
# A new build folder is Ninja's, where it is installed: with make, half a second goes by at each of
# some hundred tests. An existing folder keeps what it has.
CONFIGURE = cmake -S . -B $(1) \
	$$([ -f $(1)/CMakeCache.txt ] || ! command -v ninja >/dev/null || echo -G Ninja)

.PHONY: all build setup demo test test-threads test-course test-platforms test-all fuzz bench lint format install clean

all: build

# Installs the packages that are missing.
setup:
	@scripts/setup.sh build

build: setup
	@$(call CONFIGURE,$(BUILD))
	@cmake --build $(BUILD) -j$(JOBS)

demo: build
	@BUILD=$(BUILD) scripts/demo.sh

# Everything: unit and golden tests, the scripts' checks, lint, and all but the long tests once more
# under the address and undefined-behaviour sanitizers.
test:
	@scripts/setup.sh test
	@$(call CONFIGURE,$(BUILD)) -DSG_WERROR=ON
	@cmake --build $(BUILD) -j$(JOBS) --target all tests
	@ctest --test-dir $(BUILD) --output-on-failure -j2 -LE slow
	@tests/scripts/test_checks.py --quiet
	@tests/scripts/test_setup.sh
	@scripts/check_layers.py
	@scripts/check_source.py
	@scripts/check_sizes.py
	@scripts/check_docs.py
	@scripts/lint.sh $(BUILD)
	@$(call CONFIGURE,$(SANITIZE_BUILD)) -DSG_WERROR=ON -DSG_SANITIZE=ON
	@cmake --build $(SANITIZE_BUILD) -j$(JOBS) --target all tests
	@ctest --test-dir $(SANITIZE_BUILD) --output-on-failure -j2 -LE 'long|slow'

# Contexts in several threads, under the thread sanitizer.
test-threads:
	@scripts/setup.sh test
	@$(call CONFIGURE,$(THREAD_BUILD)) -DSG_WERROR=ON -DSG_THREAD_SANITIZE=ON
	@cmake --build $(THREAD_BUILD) -j$(JOBS) --target tests
	@ctest --test-dir $(THREAD_BUILD) --output-on-failure

# The scripts of docs/course at small size, and the commands of its 35 questions.
test-course: build
	@STYLEGAN=$(BUILD)/stylegan tests/course/run.sh
	@STYLEGAN=$(BUILD)/stylegan tests/course/questions.sh
	@STYLEGAN=$(BUILD)/stylegan tests/course/commands.py

# Other processors, compilers, systems and sets of libraries, and the Debian packages: each script
# of tests/platforms in turn. A script that lacks what it needs says so and passes.
test-platforms: build
	@scripts/setup.sh platforms || echo "Going on without these packages: their scripts say what they lack."
	@for script in tests/platforms/*.sh; do echo "== $$script"; "$$script" || exit 1; done

test-all: test lint test-threads test-course fuzz test-platforms
	@ctest --test-dir $(BUILD) --output-on-failure -j2 -L slow
	@ctest --test-dir $(SANITIZE_BUILD) --output-on-failure -j2 -L 'long|slow'
	@cmake --build $(BUILD) -j$(JOBS) --target feature-values clip-values
	@tests/features/torch_differential.sh $(BUILD)
	@STYLEGAN=$(BUILD)/stylegan STYLEGAN_CLIP_STEPS=50 $(BUILD)/tests/cli/test_full_clip
	@STYLEGAN=$(BUILD)/stylegan tests/resume/kill.sh 100
	@STYLEGAN=$(BUILD)/stylegan tests/resume/kill.sh 20 HUP
	@STYLEGAN=$(BUILD)/stylegan tests/resume/pictures.sh 100
	@STYLEGAN=$(BUILD)/stylegan tests/resume/full_disk.sh
	@STYLEGAN=$(BUILD)/stylegan tests/resume/interrupts.sh
	@STYLEGAN=$(BUILD)/stylegan tests/resume/little_memory.sh
	@STYLEGAN=$(BUILD)/stylegan tests/resume/allocations.sh own 1 info generate
	@STYLEGAN=$(BUILD)/stylegan tests/resume/allocations.sh own 29 train resume
	@STYLEGAN=$(BUILD)/stylegan tests/resume/allocations.sh all 31 info generate
	@STYLEGAN=$(BUILD)/stylegan STYLEGAN_CLIP_STEPS=50 $(BUILD)/tests/cli/test_full_clip_training

# Every fuzzer for FUZZ_SECONDS seconds, two at a time.
fuzz:
	@scripts/setup.sh test
	@$(call CONFIGURE,$(FUZZ_BUILD)) -DCMAKE_C_COMPILER=clang -DSG_FUZZ=ON -DSG_OPENMP=OFF -DSG_ONEDNN=OFF
	@cmake --build $(FUZZ_BUILD) -j$(JOBS) --target fuzzers
	@scripts/fuzz.sh $(FUZZ_BUILD) $(FUZZ_SECONDS)

bench: build
	@for subject in limits ops generate train features; do $(BUILD)/stylegan bench $$subject || exit 1; done

lint:
	@scripts/setup.sh test
	@$(call CONFIGURE,$(BUILD))
	@scripts/lint.sh --deep $(BUILD)

format:
	@scripts/setup.sh test
	@scripts/list_sources.sh | xargs clang-format -i

# Compiles what is not built yet, and asks no package manager: `make` does that.
install:
	@[ -f $(BUILD)/CMakeCache.txt ] || $(call CONFIGURE,$(BUILD))
	@cmake --build $(BUILD) -j$(JOBS)
	@cmake --install $(BUILD) $(if $(PREFIX),--prefix $(PREFIX))

clean:
	@rm -rf $(BUILD) $(SANITIZE_BUILD) $(THREAD_BUILD) $(FUZZ_BUILD)
