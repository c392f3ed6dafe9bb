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

  it('gives its own API key, whatever the caller sends', () => {
    const env = { GCLOUD_PROJECT: 'my-project', WEB_API_KEY: 'own' };
    expect(parseGatewaySettings(env).apiKey(KEY)).toBe('own');
  });
});
