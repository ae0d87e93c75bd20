import { test } from 'node:test';
import { withoutRedis } from '../support/redis.js';
import { shareLimits } from './shared.js';

test('two gateways share limits to the one over ten thousand requests, twice, with Redis gone and back in between', { skip: withoutRedis }, (t) => shareLimits(t, 10_000));
