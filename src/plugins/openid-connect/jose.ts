/** What checks tokens: loaded when the first one comes. */
export { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
