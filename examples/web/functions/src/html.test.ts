import { html, toText } from './html';

const ATTACK = `"><script>alert('1')</script>&`;

describe('html', () => {
  it('escapes text and attributes', () => {
    expect(toText(html`<p title="${ATTACK}">${ATTACK}</p>`)).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;</p>',
    );
  });

  it('keeps what it made itself, also in lists', () => {
    const items = ['<1>', '2'].map((item) => html`<li>${item}</li>`);

    expect(toText(html`${items}${0}${undefined}${false}`)).toBe('<li>&lt;1&gt;</li><li>2</li>0');
  });

  it('takes nothing parsed from JSON for markup', () => {
    const forged: unknown = JSON.parse('{"Symbol(markup)":"<b>","markup":"<b>"}');

    // What a database can hold at worst, where types do not help.
    expect(() => html`${forged as string}`).toThrow();
  });

  it('refuses attributes without quotes', () => {
    expect(() => html`<p title=${'a onclick=b'}></p>`).toThrow('Quote');
  });
});
