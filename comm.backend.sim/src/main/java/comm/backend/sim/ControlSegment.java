package comm.backend.sim;

import comm.api.spi.BackendFailure;
import comm.api.spi.WaitLimit;
import comm.backend.sim.posix.Descriptor;
import comm.backend.sim.posix.Mapping;
import comm.backend.sim.posix.Names;
import comm.backend.sim.posix.PosixException;
import comm.backend.sim.protocol.ControlLayout;
import comm.backend.sim.protocol.MappedWords;
import comm.backend.sim.protocol.MeetingPlace;
import org.jspecify.annotations.Nullable;

/** The control segment as one rank has it: its own open file description, its own mapping. */
final class ControlSegment implements MeetingPlace.Control {

  private final String token;
  private final Descriptor descriptor;
  private final Mapping mapping;
  private final MappedWords words;
  private final WaitPolicy policy;
  private final SystemWait waiting;

  /** Of rank 0 only: the published file, until it is retracted. */
  private @Nullable Descriptor file;

  private volatile boolean cancelled;

  private ControlSegment(
      String token, Descriptor descriptor, Mapping mapping, WaitPolicy policy, WaitLimit limit) {
    this.token = token;
    this.descriptor = descriptor;
    this.mapping = mapping;
    this.words = new MappedWords(mapping.buffer(0, ControlLayout.BYTES));
    this.policy = policy;
    this.waiting = newWait(limit);
  }

  static ControlSegment create(int size, WaitPolicy policy, WaitLimit limit) throws BackendFailure {
    try {
      SharedSegment.Created created = SharedSegment.create(ControlLayout.BYTES);
      String token = created.token();
      Descriptor descriptor = created.descriptor();
      try {
        Memory.reserve(descriptor, 0, ControlLayout.BYTES);
        Mapping mapping = Mapping.anywhere(descriptor, ControlLayout.BYTES);
        ControlSegment segment = new ControlSegment(token, descriptor, mapping, policy, limit);
        segment.words.write(ControlLayout.VERSION, ControlLayout.VERSION_VALUE);
        segment.words.write(ControlLayout.SIZE, size);
        segment.words.write(ControlLayout.TOKEN_HIGH, Tokens.high(token));
        segment.words.write(ControlLayout.TOKEN_LOW, Tokens.low(token));
        segment.words.publish(ControlLayout.MAGIC, ControlLayout.MAGIC_VALUE);
        return segment;
      } catch (PosixException | BackendFailure e) {
        descriptor.close();
        Names.unlinkShared(SharedSegment.name(token));
        throw e;
      }
    } catch (PosixException e) {
      throw Problems.system(e);
    }
  }

  /** Null if the segment is gone, or isn't the one that the file promises. */
  static @Nullable ControlSegment attach(RootInfo info, WaitPolicy policy, WaitLimit limit)
      throws BackendFailure {
    try {
      Descriptor descriptor = SharedSegment.open(info.segment(), ControlLayout.BYTES);
      try {
        ControlSegment segment =
            new ControlSegment(
                info.token(),
                descriptor,
                Mapping.anywhere(descriptor, ControlLayout.BYTES),
                policy,
                limit);
        if (segment.words.read(ControlLayout.MAGIC) == ControlLayout.MAGIC_VALUE
            && segment.words.read(ControlLayout.VERSION) == ControlLayout.VERSION_VALUE
            && segment.words.read(ControlLayout.TOKEN_HIGH) == Tokens.high(info.token())
            && segment.words.read(ControlLayout.TOKEN_LOW) == Tokens.low(info.token())) {
          return segment;
        }
        descriptor.close();
        return null;
      } catch (PosixException e) {
        descriptor.close();
        throw e;
      }
    } catch (PosixException e) {
      if (e.errno() == PosixException.ENOENT) {
        return null;
      }
      throw Problems.system(e);
    }
  }

  String token() {
    return token;
  }

  String name() {
    return SharedSegment.name(token);
  }

  /** Another wait on this segment, for a thread of its own. */
  SystemWait newWait(WaitLimit limit) {
    return new SystemWait(policy, mapping.address(), this::isHeld, () -> cancelled, limit);
  }

  @Override
  public MappedWords words() {
    return words;
  }

  @Override
  public SystemWait waiting() {
    return waiting;
  }

  WaitPolicy policy() {
    return policy;
  }

  void published(Descriptor rootInfo) {
    file = rootInfo;
  }

  /** The published file, once. */
  @Nullable Descriptor takeFile() {
    Descriptor taken = file;
    file = null;
    return taken;
  }

  @Override
  public boolean claim(int rank) throws BackendFailure {
    try {
      return descriptor.tryLock(rank);
    } catch (PosixException e) {
      throw Problems.system(e);
    }
  }

  @Override
  public boolean isHeld(int rank) {
    try {
      return descriptor.isLockedByOther(rank);
    } catch (PosixException e) {
      // Asked without need to fear: a wrong yes only makes the wait last until its limit.
      System.getLogger(ControlSegment.class.getName())
          .log(System.Logger.Level.WARNING, "can't ask whether rank " + rank + " lives", e);
      return true;
    }
  }

  /** Makes the waits of this process end. */
  void cancel() {
    cancelled = true;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
