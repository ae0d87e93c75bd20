export { requestFields, requestHeaders, responseFields } from './fields.js';
export { Http2Pool } from './pool.js';
export { endOf } from './whole.js';
