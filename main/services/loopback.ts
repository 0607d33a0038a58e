/** Whether a URL's host name means this machine; none does, too. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\]|)$/.test(host);
}
