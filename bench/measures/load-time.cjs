// Loads the entry named by the first argument, as the framework would, and prints how long it took.
'use strict';

const { performance } = require('node:perf_hooks');

const start = performance.now();
require(process.argv[2]);
process.stdout.write(`${performance.now() - start}\n`, () => process.exit());
