/** A Tiki customer; the id is a decimal string, because JavaScript's numbers cannot hold them all. */
export interface Customer {
  readonly id: string;
  readonly name: string;
}

export type SampleId = 'everyday' | 'old' | 'above-2^53' | 'int64-max';

/** Customers to try: two everyday ones, and the two ids at which bridges of this kind break. */
export const SAMPLE_CUSTOMERS = [
  { sample: 'everyday', id: '27051990', name: 'Trần Thu Hà' },
  { sample: 'old', id: '1042', name: 'Lê Quốc Bảo' },
  { sample: 'above-2^53', id: '9007199254740993', name: 'Phạm Ngọc Ánh' },
  { sample: 'int64-max', id: '9223372036854775807', name: 'Võ Thành Đạt' },
] as const satisfies readonly (Customer & { readonly sample: SampleId })[];

export function isSampleId(value: unknown): value is SampleId {
  return SAMPLE_CUSTOMERS.some(({ sample }) => sample === value);
}

const INT64_MAX = 9_223_372_036_854_775_807n;

/** A positive int64 in canonical decimal: the only ids Tiki gives out and the bridge accepts. */
export function isCustomerId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= INT64_MAX;
}

/** What a JSON parser with double precision would make of the id, when that is another customer. */
export function mistakenId(id: string): string | undefined {
  const rounded = BigInt(Number(id)).toString();
  return rounded === id ? undefined : rounded;
}
