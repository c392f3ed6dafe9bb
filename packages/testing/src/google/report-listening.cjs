/**
 * Preload (`node --require`): writes the port of the first server that listens to file descriptor
 * 3. So a test can start a program with PORT=0, learn the port that the kernel chose at the moment
 * it is ready, and neither guess a free port nor poll.
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
