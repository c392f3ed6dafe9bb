import { customerOf, rememberedHolder, rememberHolder, type Holder } from './holder';

function storageWith(text: string | null = null) {
  let stored = text;
  return {
    getItem: () => stored,
    setItem: (_key: string, value: string) => {
      stored = value;
    },
  };
}

const TYPED: Holder = { choice: 'typed', typedId: ' 9223372036854775807 ', typedName: ' Võ Đạt ' };

describe('the holder of the phone', () => {
  it('is the customer that was chosen or typed in', () => {
    expect(customerOf({ ...TYPED, choice: 'old' })).toMatchObject({ id: '1042' });
    expect(customerOf(TYPED)).toEqual({ id: '9223372036854775807', name: 'Võ Đạt' });
  });

  it('is undefined while the typed id is invalid', () => {
    expect(customerOf({ ...TYPED, typedId: '9223372036854775808' })).toBeUndefined();
  });

  it('is remembered', () => {
    const storage = storageWith();
    rememberHolder(storage, TYPED);

    expect(rememberedHolder(storage)).toEqual(TYPED);
  });

  it.each([null, '', '{', '[]', '{"choice":"nobody","typedId":1}'])(
    'is an ordinary customer if %p is stored',
    (text) => {
      expect(rememberedHolder(storageWith(text))).toEqual({
        choice: 'everyday',
        typedId: '',
        typedName: '',
      });
    },
  );
});
