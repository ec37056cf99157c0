#!/usr/bin/env python3
"""Plants a violation of each rule in a small tree, and expects the checks to find exactly that."""

import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import c_source
import check_docs
import check_layers
import check_sizes
import check_source
import docs_images

ROOMS = {"base": [], "ops": ["base"], "cli": ["base"]}

# A tree that keeps all rules.
CLEAN = {
    "src/base/error.c": '/* Tested by: tests/base/test_text.c */\nf("out of memory for");\n',
    "src/base/text.h": "/* sg_text_trim trims. */\nint sg_text_trim(const char *text);\n",
    "src/base/text.c": '#include "base/text.h"\nint sg_text_trim(const char *text)\n{\n}\n',
    "src/ops/sine.c": '/* Tested by: tests/base/test_text.c */\n#include "base/text.h"\n',
    "src/cli/main.c": (
        "/*\n * The program. Tested by: tests/base/test_text.c,\n * tests/cli/test_main.c\n */\n"
        '#include "base/text.h"\nint main(void)\n{\n    sg_text_trim("--seed");\n}\n'
    ),
    "tests/base/test_text.c": "int main(void)\n{\n    sg_text_trim(0);\n    sg_hidden(0);\n}\n",
    "tests/cli/test_main.c": "",
}


class Checks(unittest.TestCase):
    def tree(self, name=None, text=""):
        """The clean tree, with text added to the end of a file that it has or gets."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        files = dict(CLEAN)
        if name:
            files[name] = files.get(name, "") + text
        for file, content in files.items():
            path = pathlib.Path(folder.name, file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return c_source.Tree(folder.name)

    def expect(self, findings, *expected):
        """Compares findings with the beginnings or parts that are expected of them, in order."""
        findings = list(findings)
        self.assertEqual(len(findings), len(expected), findings)
        for finding, part in zip(findings, expected):
            self.assertRegex(finding, r"^[\w./-]+:\d+: ")
            self.assertIn(part, finding)


class Layers(Checks):
    def table(self, rooms, tree):
        return check_layers.check_table(rooms, tree.sources())

    def rooms(self, name=None, text=""):
        return check_layers.check_rooms(ROOMS, self.tree(name, text).sources())

    def test_a_tree_that_fits_the_table(self):
        self.expect(self.table(ROOMS, self.tree()))
        self.expect(self.rooms())

    def test_a_row_without_a_room(self):
        self.expect(self.table({**ROOMS, "cluster": []}, self.tree()), "the row of cluster")

    def test_rows_out_of_order(self):
        rooms = {"ops": ["base"], "base": [], "cli": ["base"]}
        self.expect(self.table(rooms, self.tree()), "names base, which has no earlier row")

    def test_an_allowance_that_nobody_uses(self):
        rooms = {**ROOMS, "cli": ["base", "ops"]}
        never = "cli may include ops, but only cli/bench"
        self.expect(self.table(rooms, self.tree()), "cli may include ops, but never does", never)

    def test_an_allowance_that_no_row_may_have(self):
        tree = self.tree("src/pictures/walk.c", '#include "cli/terminal.h"\n')
        rooms = {**ROOMS, "pictures": ["cli"]}
        self.expect(self.table(rooms, tree), "the library does not know the program")

    def test_families_do_not_know_one_another(self):
        self.assertTrue(check_layers.never("models/dcgan", "models/stylegan2"))
        self.assertFalse(check_layers.never("models/dcgan", "models"))

    def test_a_room_without_a_row(self):
        self.expect(self.rooms("src/cluster/rank.c"), "src/cluster/rank.c:1: ")

    def test_an_include_that_the_row_does_not_name(self):
        self.expect(self.rooms("src/ops/sine.c", '#include "cli/x.h"\n'), "src/ops/sine.c:3: ops")

    def test_an_include_of_no_room(self):
        self.expect(self.rooms("src/ops/sine.c", '#include "check.h"\n'), '"check.h" is in no room')

    def test_the_public_header(self):
        self.expect(self.rooms("src/ops/sine.c", '#include "stylegan.h"\n'))

    def test_a_private_header(self):
        tree = self.tree("src/ops/sine.c", '#include "base/pool_inside.h"\n')
        finding = 'src/ops/sine.c:3: "base/pool_inside.h" is private to base'
        self.expect(check_layers.check_private_headers(tree.sources()), finding)
        own = self.tree("src/base/text.c", '#include "base/pool_inside.h"\n')
        self.expect(check_layers.check_private_headers(own.sources()))

    def test_a_circle_through_bodies_and_templates(self):
        tree = self.tree("src/base/text.inc", '#include "base/pool.h"\n')
        pool = pathlib.Path(tree.root, "src/base/pool.c")
        pool.write_text('#define TEMPLATE "base/text.inc"\n', encoding="utf-8")
        circle = "base/pool, base/text"
        self.expect(check_layers.check_circles(tree.sources(), ()), circle)
        self.expect(check_layers.check_circles(tree.sources(), [("base/pool", "base/text")]))

    def test_a_circle_on_the_list_that_is_gone(self):
        findings = check_layers.check_circles(self.tree().sources(), [("base/a", "base/b")])
        self.expect(findings, "no circle of includes any more")

    def test_too_many_files_in_a_room(self):
        tree = self.tree()
        for number in range(check_layers.MOST_FILES - 2):
            pathlib.Path(tree.root, f"src/base/x{number}.c").touch()
        pathlib.Path(tree.root, "src/base/x0_absent.c").touch()
        self.expect(check_layers.check_room_sizes(c_source.Tree(tree.root).sources()))
        pathlib.Path(tree.root, "src/base/one_more.c").touch()
        again = c_source.Tree(tree.root)
        self.expect(check_layers.check_room_sizes(again.sources()), "src/base:1: 18 .c files")


class Sources(Checks):
    def found(self, rule, name, text, *expected):
        """The rule finds nothing in the clean tree, and what is expected after a change."""
        self.expect(rule(self.tree()))
        self.expect(rule(self.tree(name, text)), *expected)

    def test_an_option_in_the_library(self):
        finding = 'src/ops/sine.c:3: an option of the command line in "use --seed"'
        self.found(check_source.check_options, "src/ops/sine.c", 'f("use "\n"--seed");\n', finding)
        self.found(check_source.check_options, "src/ops/sine.c", 'f("a--b", "--"); /* --seed */\n')

    def test_a_family_outside_its_places(self):
        finding = "src/ops/sine.c:3: SG_STYLEGAN3"
        self.found(check_source.check_families, "src/ops/sine.c", "f(SG_STYLEGAN3);\n", finding)
        self.found(check_source.check_families, "src/models/dcgan.c", "f(SG_DCGAN);\n")

    def test_another_sentence_about_memory(self):
        text = 'f("Not enough memory");\n'
        finding = '"not enough memory"'
        self.found(check_source.check_memory, "src/cli/main.c", text, finding)
        self.found(check_source.check_memory, "src/cli/main.c", 'f("memory in use");\n')

    def test_a_file_without_a_test(self):
        finding = "no tests/.../test_NAME.c"
        self.found(check_source.check_mirror, "src/ops/cosine.c", "/* Cosines. */\n", finding)

    def test_a_head_that_names_no_test(self):
        text = "/* Tested by: tests/ops/test_gone.c */\n"
        finding = "tested by tests/ops/test_gone.c, which does not exist"
        self.found(check_source.check_mirror, "src/ops/cosine.c", text, finding)

    def test_an_export_that_only_tests_call(self):
        text = "int sg_hidden(int x);\n"
        finding = "src/base/text.h:3: sg_hidden is exported, but only tests call it"
        self.found(check_source.check_exports, "src/base/text.h", text, finding)

    def test_an_export_that_nobody_calls(self):
        text = "int sg_lonely(int x);\n"
        self.found(check_source.check_exports, "src/base/text.h", text, "but nobody calls it")

    def test_an_export_that_its_own_file_uses_alone(self):
        tree = self.tree("src/base/text.h", "int sg_inner(int x);\n")
        body = pathlib.Path(tree.root, "src/base/text.c")
        body.write_text("int sg_inner(int x)\n{\n}\nint sg_outer = sg_inner(1);\n")
        self.expect(check_source.check_exports(tree), "used in its own file alone")

    def test_exports_that_macros_call(self):
        tree = self.tree("src/base/text.h", "int sg_add_f32(int x);\nint sg_add(int x);\n")
        macro = "#define CALL(stem) \\\n    stem##_f32(1)\n"
        pathlib.Path(tree.root, "src/ops/sine.c").write_text(macro + "int sg_add(CALL(sg_add));\n")
        self.expect(check_source.check_exports(tree), "sg_add is exported, but nobody calls it")

    def test_mutable_statics(self):
        rule = check_source.check_statics
        for text, name in (
            ("static int count;\n", "count"),
            ("static const char *text = 0;\n", "text"),
            ("static struct node table[3] = {0};\n", "table"),
            ("void f(void)\n{\n    static _Atomic int calls = 1;\n}\n", "calls"),
            ("extern int everywhere;\n", "everywhere"),
        ):
            finding = f"{name} changes and outlives a call"
            self.expect(rule(self.tree("src/ops/sine.c", text), ()), finding)
        for text in (
            "static int f(int x);\n",
            "static inline int f(void)\n{\n}\n",
            "static const int table[] = {1};\n",
            "static const char *const names[] = {0};\n",
            "extern const sg_op sg_op_sine;\n",
            "extern int f(void);\n",
            "#define TABLE(x) static int x\n",
        ):
            self.expect(rule(self.tree("src/ops/sine.c", text), ()))

    def test_statics_on_the_list(self):
        allowed = [("src/ops/sine.c", "count")]
        tree = self.tree("src/ops/sine.c", "static int count;\n")
        self.expect(check_source.check_statics(tree, allowed))
        self.expect(check_source.check_statics(self.tree(), allowed), "no mutable static count")

    def test_a_name_in_a_comment_that_does_not_exist(self):
        text = "/* As\n * sg_gone does. */\n"
        finding = "src/ops/sine.c:4: sg_gone exists nowhere"
        self.found(check_source.check_names, "src/ops/sine.c", text, finding)
        text = "/* sg_text_trim_f32, sg_text_* */\n"
        self.found(check_source.check_names, "src/ops/sine.c", text)
        self.found(check_source.check_names, "tests/base/test_text.c", "/* sg_hidden */\n")

    def test_private_words(self):
        finding = 'src/ops/sine.c:3: sg_critic_score says "critic" for discriminator'
        self.found(check_source.check_words, "src/ops/sine.c", "f(sg_critic_score);\n", finding)
        self.found(check_source.check_words, "src/ops/sine.c", "f(n_critic, critical);\n")


class Sizes(Checks):
    def test_a_clean_tree(self):
        for rule in check_sizes.RULES:
            self.expect(rule(self.tree()))

    def test_a_long_file(self):
        tree = self.tree("tests/cli/test_main.c", "\n" * 801)
        self.expect(check_sizes.check_files(tree), "tests/cli/test_main.c:1: 801 lines")

    def test_a_long_function(self):
        lines = check_sizes.FUNCTION_LIMITS["tests"] - 3
        text = "\nint long_one(void)\n{\n" + "    f();\n" * lines + "}\n"
        self.expect(check_sizes.check_functions(self.tree("tests/base/test_text.c", text)))
        text = text.replace("{\n", "{\n\n")
        tree = self.tree("tests/base/test_text.c", text)
        self.expect(check_sizes.check_functions(tree), "tests/base/test_text.c:7: ")

    def test_many_long_functions(self):
        text = "\nint f(void)\n{\n" + "    f();\n" * 31 + "}\n"
        tree = self.tree("src/ops/sine.c", text)
        self.expect(check_sizes.check_functions(tree), "90 % of the functions", "99 % of the")

    def test_few_comments(self):
        tree = self.tree("src/ops/sine.c", "int x;\n" * 100)
        self.expect(check_sizes.check_comments(tree), "of the lines are comments")


class Documents(Checks):
    def found(self, text):
        return check_docs.findings(self.tree("docs/tour.md", text))

    def test_what_exists(self):
        self.expect(self.found("`src/base/NAME.c`, `sg_text_trim()`, `sg_text_*`\n"))
        self.expect(self.found("[The tests](../tests), and [more](https://example.org/x)\n"))

    def test_what_does_not_exist(self):
        self.expect(self.found("One:\n\n`src/base/x.c`\n"), "docs/tour.md:3: src/base/x.c does")
        self.expect(self.found("[x](gone.md)\n"), "docs/tour.md:1: docs/gone.md does not exist")
        self.expect(self.found("`sg_gone` is gone.\n"), "docs/tour.md:1: sg_gone exists nowhere")

    def course(self, text):
        return check_docs.findings(self.tree("docs/course/01-start.md", text))

    def test_functions_of_the_course(self):
        self.expect(self.course("`sg_text_trim()` in [text.c](../../src/base/text.c)\n"))
        self.expect(self.course("`main()` in [a](../../src/cli/main.c), [b](../../src/base/text.c)\n"))
        self.expect(self.found("`anything()` outside the course\n"))

    def test_functions_of_the_course_that_are_elsewhere(self):
        link = "[text.c](../../src/base/text.c)"
        place = "docs/course/01-start.md:2: "
        self.expect(self.course(f"\n`mean()` in {link}\n"), f"{place}../../src/base/text.c does not")
        self.expect(self.course(f"\n{link} has `mean()`\n"), f"{place}mean() has no link")
        declared = "`sg_text_trim()` in [text.h](../../src/base/text.h)\n"
        self.expect(self.course(declared), "does not define sg_text_trim()")
        self.expect(self.course("`mean()` in [x](../tests)\n"), "docs/tests does not exist", "not define")


    def pictures(self, document, *names):
        """Findings about a document and pictures of these names in docs/images."""
        tree = self.tree("docs/tour.md", document)
        for name in names:
            path = pathlib.Path(tree.root, "docs/images", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
        return check_docs.findings(tree)

    def test_pictures(self):
        made = "```sh\nmake a\n```\n\n<!-- images: x/a.png -> a.png,\n     b.png -> c/b.png -->\n"
        self.expect(self.pictures(made, "a.png", "c/b.png"))
        self.expect(self.pictures(made, "a.png"), "docs/tour.md:5: docs/images/c/b.png does not")
        self.expect(self.pictures("", "a.png"), "docs/images/a.png:1: no comment in a document")
        alone = "<!-- images, once: a.png -> a.png -->\n"
        self.expect(self.pictures(alone, "a.png"), "docs/tour.md:1: no commands stand before")
        twice = made.split(",")[0] + " -->\n<!-- images, hours: a.png -> a.png -->\n"
        self.expect(self.pictures(twice, "a.png"), "is also made at docs/tour.md:5")

    def test_commands(self):
        fenced = "Text\n\n```sh\none\n  two\n```\n\n<!-- images: a -> a.png -->\n"
        indented = "Text\n\n    one\n      two\n\nMore\n\n<!-- images, hours: a -> a.png -->\n"
        for text, kind in ((fenced, ""), (indented, "hours")):
            (block,) = docs_images.blocks_of(text)
            self.assertEqual(block.commands.strip(), "one\n  two")
            self.assertEqual((block.kind, block.files), (kind, [("a", "a.png")]))


class Circles(unittest.TestCase):
    def test_circles(self):
        edges = {1: {2}, 2: {3}, 3: {2, 4}, 4: {5}, 5: {6}, 6: {4}, 7: {7, 1}}
        self.assertEqual(c_source.circles(edges), [[2, 3], [4, 5, 6]])


if __name__ == "__main__":
    unittest.main()
