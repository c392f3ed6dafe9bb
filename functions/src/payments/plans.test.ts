import path from 'node:path';
import { Problem } from '../problem';
import { parsePlans, readPlans } from './plans';

const plan = { id: 'month', name: { vi: '1 tháng', en: '1 month' }, priceVnd: 49_000, days: 30 };
const fileOf = (...plans: object[]) => JSON.stringify({ plans });

function faultOf(text: string): string | undefined {
  try {
    parsePlans(text, 'plans.json');
    return undefined;
  } catch (error) {
    if (error instanceof Problem && error.code === 'misconfigured') {
      return error.extras.operator?.cause;
    }
    throw error;
  }
}

describe('a plans file', () => {
  it('is the example', () => {
    const plans = readPlans('plans.example.json', path.join(__dirname, '../..'));
    expect(plans.map(({ id, days }) => [id, days])).toEqual([
      ['month', 30],
      ['year', 365],
    ]);
  });

  it.each([
    ['the cheapest', { priceVnd: 1_000, days: 1 }],
    ['the dearest', { priceVnd: 10_000_000, days: 3_660 }],
    ['the longest id', { id: 'a'.repeat(40) }],
  ])('may have %s', (_, changes) => {
    expect(faultOf(fileOf({ ...plan, ...changes }))).toBeUndefined();
  });

  it.each([
    ['too cheap', { priceVnd: 999 }],
    ['too dear', { priceVnd: 10_000_001 }],
    ['free', { priceVnd: 0 }],
    ['negative', { priceVnd: -49_000 }],
    ['a fraction of a dong', { priceVnd: 49_000.5 }],
    ['a price in words', { priceVnd: '49000' }],
    ['no day', { days: 0 }],
    ['half a day', { days: 0.5 }],
    ['too many days', { days: 3_661 }],
    ['an id with capitals', { id: 'Month' }],
    ['an id that is a path', { id: '../a' }],
    ['an id that is too long', { id: 'a'.repeat(41) }],
    ['no Vietnamese name', { name: { en: '1 month' } }],
    ['a name with a line break', { name: { vi: 'a\nb', en: 'a' } }],
    ['a misspelt field', { price: 49_000 }],
  ])('may not have a plan with %s', (_, changes) => {
    expect(faultOf(fileOf({ ...plan, ...changes }))).toContain('plans.0');
  });

  it('may not have two plans with the same id', () => {
    expect(faultOf(fileOf(plan, { ...plan, days: 7 }))).toContain('the same id');
  });

  it.each(['', '[]', '{}', '{"plans": []}', 'null'])('is not %p', (text) => {
    expect(faultOf(text)).toContain('functions/plans.json');
  });

  it('has to be there', () => {
    expect(() => readPlans('plans.none.json', __dirname)).toThrow('misconfigured');
  });
});
