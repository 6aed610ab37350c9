package comm.worker.chip;

/** What the elements of a buffer are. */
public enum DataType {
  /** 8-bit integers. */
  INT8(1),
  /** 16-bit integers. */
  INT16(2),
  /** 16-bit floats. */
  FLOAT16(2),
  /** 16-bit floats with the range of 32-bit ones. */
  BFLOAT16(2),
  /** 32-bit integers. */
  INT32(4),
  /** 32-bit floats. */
  FLOAT32(4),
  /** 64-bit integers. */
  INT64(8),
  /** 64-bit floats. */
  FLOAT64(8);

  private final int bytes;

  DataType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * The size of one element.
   *
   * @return bytes, 1 to 8
   */
  public int bytes() {
    return bytes;
  }
}
