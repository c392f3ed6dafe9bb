/** The content protected by the two gates of firestore.rules, in the languages of the page. */
const CONTENT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'premiumContent/welcome': {
    vi: 'Chào mừng bạn đến với premium. Bài học đầu tiên: bún chả, nấu từ nước mắm trở đi.',
    en: 'Welcome to premium. The first lesson: bún chả, from the fish sauce up.',
    // What the sample mini program shows.
    title: 'Chào mừng bạn đến với premium',
    body: 'Bài học đầu tiên: bún chả, nấu từ nước mắm trở đi.',
  },
  'premiumContentStrict/welcome': {
    vi: 'Chào mừng bạn. Công thức gia truyền này đóng lại ngay khi bạn được hoàn tiền.',
    en: 'Welcome. This family recipe closes the moment you get your money back.',
  },
};

/** Writes the content to the emulator as its owner, which bypasses the rules. */
export async function seedContent(firestoreHost: string, projectId: string): Promise<void> {
  const documents = `http://${firestoreHost}/v1/projects/${projectId}/databases/(default)/documents`;
  for (const [path, texts] of Object.entries(CONTENT)) {
    const fields = Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, { stringValue: text }]),
    );
    const response = await fetch(`${documents}/${path}`, {
      method: 'PATCH',
      headers: { Authorization: 'Bearer owner', 'Content-Type': 'application/json' },
      body: JSON.stringify({ fields }),
    });
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`);
  }
}
