/** Under this, `notes` of an exchange hold the claims of its token, once an authentication plugin that is told to `store_in_ctx` has verified it. */
export const CLAIMS: object = Object.freeze({ name: 'claims' });
