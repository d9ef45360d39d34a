/** A policy file that cannot be read or understood; `advice` says what to do. */
export class PolicyError extends Error {
  reason = 'bad_policy';

  constructor(message, advice = null) {
    super(message);
    this.name = 'PolicyError';
    this.advice = advice;
  }
}
