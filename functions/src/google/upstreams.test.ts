import { upstreamsFor } from './upstreams';

const urls = (hosts: Parameters<typeof upstreamsFor>[0]) =>
  Object.values(upstreamsFor(hosts)).map((url: URL) => url.href);

describe('upstreamsFor', () => {
  it("names Google's own hosts, over TLS", () => {
    expect(urls({ auth: undefined, firestore: undefined })).toEqual([
      'https://identitytoolkit.googleapis.com/',
      'https://securetoken.googleapis.com/',
      'https://firestore.googleapis.com/',
      'https://firebasestorage.googleapis.com/',
    ]);
  });

  it('names the emulators instead, each by its own variable', () => {
    expect(urls({ auth: '127.0.0.1:9099', firestore: undefined })).toEqual([
      'http://127.0.0.1:9099/identitytoolkit.googleapis.com',
      'http://127.0.0.1:9099/securetoken.googleapis.com',
      'https://firestore.googleapis.com/',
      'https://firebasestorage.googleapis.com/',
    ]);
    expect(urls({ auth: undefined, firestore: '[::1]:8080' })[2]).toBe('http://[::1]:8080/');
    const storage = { auth: undefined, firestore: undefined, storage: '[::1]:9199' };
    expect(urls(storage)[3]).toBe('http://[::1]:9199/');
  });
});
