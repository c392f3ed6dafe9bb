import { Problem } from '../problem';
import { parseGatewaySettings } from './settings';

const KEY = 'AIza-a-key-as-long-as-those-of-Google-s';

describe('parseGatewaySettings', () => {
  it.each([
    'my-project',
    'demo-tiki-bridge',
    'example.com:my-project',
    'a.b-c.example:api-project',
  ])('takes %s for a project id', (id) => {
    expect(parseGatewaySettings({ GCLOUD_PROJECT: id }).projectId).toBe(id);
  });

  it.each([
    'My-project',
    'example.com:',
    ':my-project',
    'example:my-project',
    'example..com:my-project',
    'example.com:my-project:x',
    'example.com/my-project',
    'a/b.c:my-project',
  ])('does not take %j for one', (id) => {
    expect(() => parseGatewaySettings({ GCLOUD_PROJECT: id })).toThrow(Problem);
  });

  describe('with neither WEB_API_KEY nor an emulator', () => {
    const { apiKey } = parseGatewaySettings({ GCLOUD_PROJECT: 'my-project' });

    it("takes the caller's API key", () => {
      expect(apiKey(KEY)).toBe(KEY);
    });

    it.each([undefined, '', 'gateway', `${KEY}&x=1`, `${KEY} `, 'a'.repeat(129)])(
      'is misconfigured when the caller sends %j',
      (callers) => {
        expect(() => apiKey(callers)).toThrow(Problem);
      },
    );
  });

  it.each([
    ['my-project', ['my-project.firebasestorage.app', 'my-project.appspot.com']],
    ['example.com:my-project', ['my-project.example.com.a.appspot.com']],
  ])('serves the default buckets of %s', (GCLOUD_PROJECT, buckets) => {
    expect(parseGatewaySettings({ GCLOUD_PROJECT }).buckets).toEqual(buckets);
  });

  it('serves the configured bucket alone', () => {
    const env = { GCLOUD_PROJECT: 'my-project', STORAGE_BUCKET: 'my-files.example.vn' };
    expect(parseGatewaySettings(env).buckets).toEqual(['my-files.example.vn']);
  });

  it.each(['gs://my-files', 'My-Files', 'my/files', 'a', '..', 'my-files/'])(
    'is misconfigured with the bucket %j',
    (STORAGE_BUCKET) => {
      const env = { GCLOUD_PROJECT: 'my-project', STORAGE_BUCKET };
      expect(() => parseGatewaySettings(env)).toThrow(Problem);
    },
  );

  it('gives its own API key, whatever the caller sends', () => {
    const env = { GCLOUD_PROJECT: 'my-project', WEB_API_KEY: 'own' };
    expect(parseGatewaySettings(env).apiKey(KEY)).toBe('own');
  });
});
