// Where the engine enters the pack. Its runner would check types while it loads TypeScript, which
// takes seconds in every preview; `make check` checks them, and tsx only takes them away.
require("tsx/cjs");
require("./index");
