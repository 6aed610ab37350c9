package com.example.comm.mapped;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Spins, then sleeps longer and longer, up to a millisecond. Its clock starts with the first wait. */
final class Pause {

  private static final long LOOK = 20_000_000;

  private final long limit;
  private int rounds;
  private long nanos = 20_000;
  private long start;
  private long nextLook;

  Pause(long limitNanos) {
    limit = limitNanos;
  }

  private long elapsed() {
    if (start == 0) {
      start = System.nanoTime() | 1;
    }
    return System.nanoTime() - start;
  }

  Duration waited() {
    return start == 0 ? Duration.ZERO : Duration.ofNanos(elapsed());
  }

  boolean isOver() {
    return elapsed() >= limit;
  }

  /** Whether it is time again for a closer look at the others. */
  boolean looks() {
    long now = elapsed();
    if (rounds < 200 || now < nextLook) {
      return false;
    }
    nextLook = now + LOOK;
    return true;
  }

  void once() {
    rounds++;
    if (rounds < 200) {
      Thread.onSpinWait();
    } else if (rounds < 210) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(Math.max(1, Math.min(nanos, limit - elapsed())));
      nanos = Math.min(nanos * 2, 1_000_000);
    }
  }
}
