import {
  isCustomerId,
  isSampleId,
  SAMPLE_CUSTOMERS,
  type Customer,
  type SampleId,
} from '../customers';
import { recordOf } from '../json';
import type { TextStorage } from '../my/storage';

/** Who holds the phone, as it was chosen on the page. */
export interface Holder {
  readonly choice: SampleId | 'typed';
  readonly typedId: string;
  readonly typedName: string;
}

const KEY = 'tiki-firebase-bridge-demo.holder';

/** Who is logged in to Tiki; undefined while the typed id is none. */
export function customerOf({ choice, typedId, typedName }: Holder): Customer | undefined {
  if (choice !== 'typed') return SAMPLE_CUSTOMERS.find(({ sample }) => sample === choice);
  const id = typedId.trim();
  return isCustomerId(id) ? { id, name: typedName.trim() } : undefined;
}

/** Tiki's app remembers who is logged in to it, so a reload finds the same person. */
export function rememberHolder(storage: TextStorage, holder: Holder): void {
  const { choice, typedId, typedName } = holder;
  storage.setItem(KEY, JSON.stringify({ choice, typedId, typedName }));
}

/** Whoever held the phone last, or else an everyday customer. */
export function rememberedHolder(storage: TextStorage): Holder {
  const { choice, typedId, typedName } = recordOf(parsed(storage.getItem(KEY)));
  return {
    choice: choice === 'typed' || isSampleId(choice) ? choice : 'everyday',
    typedId: typeof typedId === 'string' ? typedId : '',
    typedName: typeof typedName === 'string' ? typedName : '',
  };
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return undefined;
  }
}
