/**
 * The control API issues logins and lists calls, so only programs and pages of this machine may use
 * it. Other pages can reach a loopback port in two ways: by DNS rebinding, where their own host name
 * resolves to 127.0.0.1 (detected by the Host header), and by a cross-origin request (detected by
 * the Origin header).
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i.test(host);
}

export function isLoopbackOrigin(origin: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|localhost)(:\d{1,5})?$/.test(origin);
}
