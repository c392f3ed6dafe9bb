/** What premium offers. Plans and prices come from the bridge: see the page `shop`. */
export const OFFER: { readonly name: string; readonly benefits: readonly string[] } = {
  name: 'Tài khoản Premium',
  benefits: ['Toàn bộ nội dung Premium', 'Dùng trên mọi thiết bị đã đăng nhập Tiki'],
};
