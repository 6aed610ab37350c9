package comm.backend.hccl.cann;

import java.util.ArrayList;
import java.util.List;

/** A C structure: its size, and those members that are used. */
final class Struct {

  private final String name;
  private final int size;
  private final boolean whole;
  private final List<Field> fields = new ArrayList<>();

  /**
   * Begins a structure.
   *
   * @param whole whether the size is that of the structure; otherwise it is that of the part which
   *     is used, and later versions have more
   */
  Struct(String name, int size, boolean whole) {
    this.name = name;
    this.size = size;
    this.whole = whole;
  }

  /** Adds a member. */
  Field field(String member, int offset, int bytes) {
    if (offset < 0 || bytes < 1 || offset + bytes > size) {
      throw new IllegalArgumentException(member + " is outside of " + name);
    }
    Field field = new Field(name, member, offset, bytes);
    fields.add(field);
    return field;
  }

  String name() {
    return name;
  }

  int size() {
    return size;
  }

  boolean whole() {
    return whole;
  }

  List<Field> fields() {
    return List.copyOf(fields);
  }

  /** A structure of zeros. */
  byte[] zeros() {
    return new byte[size];
  }
}
