/** 22/11/2026 */
export function formatDate(date: Date): string {
  return `${date.getDate()}/${date.getMonth() + 1}/${date.getFullYear()}`;
}

/** 9:05, 22/11/2026 */
export function formatTime(date: Date): string {
  const minutes = date.getMinutes();
  return `${date.getHours()}:${minutes < 10 ? '0' : ''}${minutes}, ${formatDate(date)}`;
}
