package comm.tests;

import java.io.IOException;
import java.net.URI;

/** Does what {@link ArchitectureTest} forbids, to show that it would notice. Never called. */
final class Offences {

  private Offences() {}

  static void sleeps() throws InterruptedException {
    Thread.sleep(1);
  }

  /** A public type whose method declares an exception that says nothing. */
  public static final class Api {

    private Api() {}

    public static URI fails(String text) throws Exception {
      throw new IOException(text);
    }
  }
}
