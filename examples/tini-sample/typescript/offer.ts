/** What the page `premium` offers to users who have not paid. The price comes with the order. */
export const OFFER: { readonly name: string; readonly benefits: readonly string[] } = {
  name: 'Tài khoản Premium',
  benefits: ['Toàn bộ nội dung Premium', 'Dùng trên mọi thiết bị đã đăng nhập Tiki'],
};
