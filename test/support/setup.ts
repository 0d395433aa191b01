// The SDK takes a stack trace for every resource that it makes, which is a good part of a test's
// time. Where an expectation failed is at the top of its own.
Error.stackTraceLimit = 2;
