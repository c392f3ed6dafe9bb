/**
 * The control API hands out logins and lists calls, so only programs and pages of this machine may
 * use it. A page elsewhere can reach a loopback port in two ways: by DNS rebinding (its own host
 * name, made to resolve to 127.0.0.1: the Host header gives it away) and by a cross-origin request
 * (the Origin header gives it away).
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i.test(host);
}

export function isLoopbackOrigin(origin: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|localhost)(:\d{1,5})?$/.test(origin);
}
