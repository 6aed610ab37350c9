package comm.api;

/** How {@link Window#await} compares a signal word, on the left, with the value it is given. */
public enum Comparison {
  /** Equal. */
  EQ("=="),
  /** Not equal. */
  NE("!="),
  /** Greater, signed. */
  GT(">"),
  /** Greater or equal, signed. */
  GE(">="),
  /** Less, signed. */
  LT("<"),
  /** Less or equal, signed. */
  LE("<=");

  private final String symbol;

  Comparison(String symbol) {
    this.symbol = symbol;
  }

  /**
   * Whether the comparison holds.
   *
   * @param word left side
   * @param value right side
   * @return true if it holds
   */
  public boolean holds(long word, long value) {
    return switch (this) {
      case EQ -> word == value;
      case NE -> word != value;
      case GT -> word > value;
      case GE -> word >= value;
      case LT -> word < value;
      case LE -> word <= value;
    };
  }

  /** {@return the symbol, as in Java} */
  @Override
  public String toString() {
    return symbol;
  }
}
