/** 49.000 ₫, from a whole number of VND. The runtime has no Intl. */
export function formatVnd(amount: number): string {
  return `${String(amount).replace(/\B(?=(\d{3})+$)/g, '.')}\u00a0₫`;
}
