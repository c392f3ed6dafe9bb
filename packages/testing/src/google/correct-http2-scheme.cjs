/**
 * Preload (`node --require`) for processes that send with firebase-admin over HTTP/2: the SDK writes
 * `:scheme: https:`, with a colon. Google's servers take it, Node's http2 server refuses it.
 */
'use strict';

const http2 = require('node:http2');

const connect = http2.connect;

http2.connect = function (...args) {
  const session = connect.apply(this, args);
  const request = session.request;
  session.request = function (headers, ...rest) {
    const scheme = headers?.[':scheme']?.replace(/:$/, '');
    return request.call(
      this,
      scheme === undefined ? headers : { ...headers, ':scheme': scheme },
      ...rest,
    );
  };
  return session;
};
