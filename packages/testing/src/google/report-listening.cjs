/**
 * Preload (`node --require`): writes the port of the first listening server to file descriptor 3.
 * A test can start a program with PORT=0 and learn the port as soon as it is ready, without
 * guessing or polling.
 */
'use strict';

const fs = require('node:fs');
const net = require('node:net');

const REPORT_FD = 3;
const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (...args) {
  net.Server.prototype.listen = listen;
  this.once('listening', () => {
    fs.writeSync(REPORT_FD, `${this.address().port}\n`);
    fs.closeSync(REPORT_FD);
  });
  return listen.apply(this, args);
};
