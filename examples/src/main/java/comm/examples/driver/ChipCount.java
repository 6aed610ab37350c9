package comm.examples.driver;

/** What the examples that drive chips are told on the command line. */
public final class ChipCount {

  private static final int MOST = 16;

  private ChipCount() {}

  /** The number of chips among the arguments, 2 if there is none. */
  public static int of(String[] args) {
    if (args.length == 0) {
      return 2;
    }
    try {
      int chips = Integer.parseInt(args[args.length - 1]);
      if (args.length <= 2 && chips >= 1 && chips <= MOST) {
        return chips;
      }
    } catch (NumberFormatException e) {
      // Said below, as for any other wrong argument.
    }
    System.err.println("usage: [--chips] COUNT, with 1 to " + MOST + " chips; 2 if it isn't said");
    System.exit(2);
    return 0;
  }
}
