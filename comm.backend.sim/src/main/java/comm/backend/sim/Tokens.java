package comm.backend.sim;

import java.security.SecureRandom;
import java.util.Locale;

/** Random 128-bit numbers for names, so that no run ever meets another's. */
final class Tokens {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Tokens() {}

  /** 32 hexadecimal digits. */
  static String random() {
    return of(RANDOM.nextLong(), RANDOM.nextLong());
  }

  static String of(long high, long low) {
    return String.format(Locale.ROOT, "%016x%016x", high, low);
  }

  static long high(String token) {
    return Long.parseUnsignedLong(token.substring(0, 16), 16);
  }

  static long low(String token) {
    return Long.parseUnsignedLong(token.substring(16), 16);
  }
}
