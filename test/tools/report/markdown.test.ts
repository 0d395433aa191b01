import { block, clip, code, html, prose, row } from "../../../tools/report/markdown";

test.each([
  ["plain", "`plain`"],
  ["", '`""`'],
  ["a`b", "``a`b``"],
  ["`a``b`", "``` `a``b` ```"],
  [" a ", "`a`"],
  ["two\nlines", "`two⏎lines`"],
  ["<!-- preview of prod -->", "`<! -- preview of prod -->`"],
  ["left\u202eright\u200b", "`left\\u{202e}right\\u{200b}`"],
])("code shows %j as it is", (value, shown) => {
  expect(code(value)).toBe(shown);
});

test("prose neither formats, nor links, nor calls for anybody", () => {
  expect(prose("*a* _b_ `c` [d](http://e) ![f](g) <h> ~i~ &amp; @octocat #1 image@sha256:0")).toBe(
    "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](http://e) \\!\\[f\\](g) \\<h\\> \\~i\\~ \\&amp; " +
      "@&#8203;octocat #&#8203;1 image@sha256:0",
  );
});

test("html has no elements of others", () => {
  expect(html("<b>&@team")).toBe("&lt;b&gt;&amp;@&#8203;team");
});

test("a row's cells end where they are meant to", () => {
  expect(row("`a|b`", "`a\\|b`")).toBe("| `a\\|b` | `a\\ \\|b` |");
});

test("a block ends where it is meant to", () => {
  expect(block(["one\n```", "\ttwo <!--"])).toEqual(["````", "one", "```", "  two <! --", "````"]);
});

test("clipping cuts no character in two", () => {
  expect(clip("👍👍👍", 3)).toBe("👍👍👍");
  expect(clip("👍👍👍👍", 3)).toBe("👍👍…");
});
