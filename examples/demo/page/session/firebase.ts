import { createTikiFirebase } from 'tiki-firebase-client';
import { firestore } from 'tiki-firebase-client/firestore';
import type { My, TikiFirebase } from 'tiki-firebase-client';
import type { Language } from '../language';

export interface FirebaseOptions {
  readonly my: My;
  /** The page's own: bridge, Firebase Auth and Firestore are all behind Hosting's rewrites. */
  readonly domain: string;
  readonly projectId: string;
  /** The page's language of now. */
  readonly language: () => Language;
}

/** The library that Tini Apps use, with this page's `my`. */
export function openFirebase({ my, domain, projectId, language }: FirebaseOptions): TikiFirebase {
  return createTikiFirebase({
    my,
    baseUrl: domain,
    projectId,
    firestore,
    // Asked for with each error, since a visitor may switch.
    get language() {
      return language();
    },
  });
}
