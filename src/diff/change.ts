/** One thing that changed between two configurations, in words. */
export interface Change {
  /** `route getting-started-ip`, `consumer tom`. */
  readonly subject: string;
  /** `key-auth disabled`. Never quotes a secret. */
  readonly text: string;
  /** Something that was closed is open now: authentication is gone from a route, or gives way to an anonymous consumer. */
  readonly loosens: boolean;
}
