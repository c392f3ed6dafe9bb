/** A Tiki customer. The id is a decimal string, because a JavaScript number cannot hold an int64. */
export interface Customer {
  readonly id: string;
  readonly name: string;
}

export type SampleId = 'everyday' | 'old' | 'above-2^53' | 'int64-max';

/** Sample customers: two ordinary ones, and two ids that naive bridges get wrong. */
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

/** Whether the text is a positive int64 in canonical decimal, the only form of Tiki's ids. */
export function isCustomerId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= INT64_MAX;
}

/** The id as read by a JSON parser with double precision, if that is a different id. */
export function mistakenId(id: string): string | undefined {
  const rounded = BigInt(Number(id)).toString();
  return rounded === id ? undefined : rounded;
}
