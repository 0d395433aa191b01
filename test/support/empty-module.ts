// Stands for modules that the SDK loads in every test file and that no test needs.
export {};
