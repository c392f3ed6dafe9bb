// Before any test: the tests that start the built functions never see an old build.
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

module.exports = () => {
  const build = join(__dirname, '../../build.mjs');
  execFileSync(process.execPath, [build], { stdio: ['ignore', 'ignore', 'inherit'] });
};
