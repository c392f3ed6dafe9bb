// Loaded before each test file. A test that loads the deployed entry must not have it look for
// functions-framework in this process: see takeOver.
delete process.env['FUNCTION_TARGET'];
