// Loaded before each test file. A test that loads the deployed entry must not have it take over the
// bodies of other servers in the same process, such as the Tiki simulator: see takeRequestsOver.
process.env['FUNCTION_TARGET'] = 'none-of-ours';
