// How often two agreed, and why they differed where they did.
import assert from 'node:assert/strict';

/** How many rounds of what is left to chance; a few, unless NODEPLOY_ROUNDS says more. */
export const rounds = Number(process.env.NODEPLOY_ROUNDS ?? 5);

export class Agreement {
  #compared = 0;
  #differences = new Map();
  #unexplained = [];

  /** Both said the same, or `isRight` is false and `shown()` says what was wrong. */
  holds(isRight, shown) {
    this.#compared++;
    if (!isRight) this.#unexplained.push(this.#unexplained.length < 10 ? shown() : '');
  }

  /** They differ, for a reason that has a name. */
  explained(name) {
    this.#differences.set(name, (this.#differences.get(name) ?? 0) + 1);
  }

  /** Prints what was counted; fails for what no name explains. */
  report(t, what) {
    t.diagnostic(`${what}: ${this.#compared} compared, ${this.#unexplained.length} unexplained`);
    for (const [name, count] of [...this.#differences].sort()) t.diagnostic(`  ${count} ${name}`);
    assert.deepEqual(this.#unexplained.slice(0, 10), [], `${this.#unexplained.length} differences have no name`);
  }
}
