import { parseCommentedJson } from './commented-json';

describe('the files of the Firebase CLI', () => {
  it('may have comments', () => {
    const text = '{ // one\n "url": "https://a.example/*" /* another */ }';

    expect(parseCommentedJson(text)).toEqual({ url: 'https://a.example/*' });
  });

  it.each(['{broken', '{"a": 1,}', ''])('are refused as the CLI refuses them: %j', (text) => {
    expect(() => parseCommentedJson(text)).toThrow();
  });
});
