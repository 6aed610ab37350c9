package comm.testkit.conformance;

import java.util.Optional;

/**
 * The rules of the backend contract, in the order of {@code docs/backend-contract.md}, which shows
 * the same text. An id never changes its meaning; a rule that is given up leaves a gap.
 */
public enum Rule {
  /** See {@link #text}. */
  A1(
      Level.MUST,
      "name() is lower-case ASCII letters, digits, '-' and '.', the same at every call.",
      "Callers choose a backend by its name, and its settings begin with it."),
  /** See {@link #text}. */
  A2(
      Level.MUST,
      "The constructor does nothing and never throws.",
      "It runs in every program that has the backend on its path.",
      "what a constructor does can only be read; that it doesn't throw shows in every other test"),
  /** See {@link #text}. */
  A3(
      Level.MUST,
      "availability() answers with words for a person and never throws.",
      "A backend that can't be used here must not hide one that can."),
  /** See {@link #text}. */
  A4(
      Level.MUST,
      "availability() doesn't wait for anybody, also when several threads ask at once.",
      "It is asked before anything else, on every rank."),
  /** See {@link #text}. */
  A5(
      Level.MUST,
      "availability() leaves no file, descriptor or thread behind.",
      "It is asked where nobody wants the backend at all."),
  /** See {@link #text}. */
  A6(
      Level.MUST,
      "availability(settings) never throws, whatever the settings.",
      "Settings come from people."),
  /** See {@link #text}. */
  A7(
      Level.SHOULD,
      "describe() ends, never throws and leaves nothing open.",
      "People set machines up with it."),
  /** See {@link #text}. */
  A8(
      Level.MUST,
      "sweep() never throws, never waits and harms nobody who lives.",
      "Launchers call it while other jobs run."),

  /** See {@link #text}. */
  S1(
      Level.MUST,
      "open() returns a session on every rank once all ranks of the group have come.",
      "Without it there is no communicator."),
  /** See {@link #text}. */
  S2(
      Level.MUST,
      "open() doesn't return before the last rank has come.",
      "A session whose peers may never come can't promise anything."),
  /** See {@link #text}. */
  S3(
      Level.MUST,
      "open() that runs out of time fails with TimedOut, near its limit, and names exactly the ranks that are missing, as far as it can know them.",
      "Whoever is at fault must be found from one message."),
  /** See {@link #text}. */
  S4(
      Level.MUST,
      "Ranks that come with different sizes all fail with Mismatch, which has both values.",
      "A wrong launch must not look like a slow one."),
  /** See {@link #text}. */
  S5(
      Level.MUST,
      "A rank that comes twice fails with Mismatch.",
      "Two processes that both take themselves for one rank destroy each other's data."),
  /** See {@link #text}. */
  S6(
      Level.MUST,
      "Groups with different root info files know nothing of each other.",
      "Several jobs share a machine."),
  /** See {@link #text}. */
  S7(
      Level.MUST,
      "The same root info file can be used again once a group has closed, and nothing of the first group is seen in the second.",
      "Jobs are run again at the same path."),
  /** See {@link #text}. */
  S8(
      Level.MUST,
      "peers() gives one status a rank, in rank order, itself included, ALIVE for ranks that have joined; it never waits.",
      "Errors and tools are made of it."),
  /** See {@link #text}. */
  S9(
      Level.MUST,
      "After open() has failed nothing is left of the rank, and a later group at the same path forms.",
      "The next run must not pay for the last one."),
  /** See {@link #text}. */
  S10(
      Level.MUST,
      "A group of one rank forms without any other.",
      "Programs are tried with one rank first."),
  /** See {@link #text}. */
  S11(
      Level.MUST,
      "A group may have as many ranks as the backend declares.",
      "The limit is part of the contract."),
  /** See {@link #text}. */
  S12(
      Level.MUST,
      "open() that is interrupted ends with Interrupted and leaves the thread's flag set.",
      "A program must be able to end."),
  /** See {@link #text}. */
  S13(
      Level.SHOULD,
      "A root info file with garbage in it leads to Rendezvous or to a group, never to a wait beyond the limit.",
      "What others left at the path is no reason to hang."),

  /** See {@link #text}. */
  W1(
      Level.MUST,
      "size() is at least what was asked for, and equal on every rank.",
      "Offsets mean the same everywhere."),
  /** See {@link #text}. */
  W2(
      Level.MUST,
      "A window is zero before any rank can reach it, also when memory is used again.",
      "Old bytes are a leak and a source of bugs that come and go."),
  /** See {@link #text}. */
  W3(
      Level.MUST,
      "The context has this rank, the number of ranks, the size, and one address that isn't 0 for each window, all different; the second set of addresses is equal to the first or all 0.",
      "Kernels read it blindly."),
  /** See {@link #text}. */
  W4(
      Level.MUST,
      "With the same addresses declared, the context has the same addresses on every rank.",
      "Programs then pass addresses between ranks."),
  /** See {@link #text}. */
  W5(
      Level.MUST,
      "deviceContext() isn't 0; where the backend has real addresses it points to the encoded context.",
      "Kernels get this address."),
  /** See {@link #text}. */
  W6(
      Level.MUST,
      "What a rank puts at an offset any rank gets from there, byte for byte, at both ends of the window, at odd offsets and lengths.",
      "This is what windows are for."),
  /** See {@link #text}. */
  W7(
      Level.MUST,
      "No two windows overlap: bytes put into one are in no other, of this or another allocation.",
      "Otherwise ranks destroy each other's data."),
  /** See {@link #text}. */
  W8(
      Level.MUST,
      "Every access of a window of a rank reaches that rank's window, whoever does it.",
      "A swapped window is found late and far away."),
  /** See {@link #text}. */
  W9(
      Level.MUST,
      "Ranks that ask for different sizes all fail with Mismatch, which has both values.",
      "A wrong program must not look like a slow one."),
  /** See {@link #text}. */
  W10(
      Level.MUST,
      "An allocation that can't be had fails on every rank, and no JVM ends.",
      "One verdict for all."),
  /** See {@link #text}. */
  W11(
      Level.MUST,
      "When one rank closes its windows the others may go on using theirs, that rank's too.",
      "Closing is not collective."),
  /** See {@link #text}. */
  W12(
      Level.MUST,
      "Typed accesses are little-endian and see the same bytes as copies of bytes.",
      "Ranks may mix them."),
  /** See {@link #text}. */
  W13(Level.MUST, "A view shares its memory with the window.", "It would be a copy otherwise."),
  /** See {@link #text}. */
  W14(
      Level.SHOULD,
      "Windows start at page boundaries.",
      "Kernels and vector code expect aligned memory."),
  /** See {@link #text}. */
  W15(Level.MUST, "attributes() never waits and has no nulls.", "Tools show it."),
  /** See {@link #text}. */
  W16(
      Level.MUST,
      "allocateWindows() that runs out of time fails with TimedOut and names the ranks that are missing.",
      "As for any collective."),
  /** See {@link #text}. */
  W17(
      Level.MUST,
      "Several allocations live side by side, and each can be closed alone.",
      "Libraries allocate their own."),

  /** See {@link #text}. */
  M1(
      Level.MUST,
      "What any rank wrote to any window before a barrier every rank sees after it.",
      "Rule 1 of the memory model."),
  /** See {@link #text}. */
  M2(
      Level.MUST,
      "No rank's writes after a barrier are seen by another rank before it.",
      "The other half of rule 1."),
  /** See {@link #text}. */
  M3(
      Level.MUST,
      "When await() returns the value of a signal, all that the signalling rank wrote before is visible.",
      "Rule 2 of the memory model."),
  /** See {@link #text}. */
  M4(
      Level.MUST,
      "Rule 2 holds along a chain of signals over several ranks.",
      "Happens-before is transitive."),
  /** See {@link #text}. */
  M5(
      Level.MUST,
      "An acquire that sees the value of a release sees what was written before it.",
      "Rule 3 of the memory model."),
  /** See {@link #text}. */
  M6(
      Level.MUST,
      "Atomic additions and compare-and-sets of several ranks lose nothing.",
      "Counters are made of them."),
  /** See {@link #text}. */
  M7(
      Level.MUST,
      "await() returns the value that satisfied the comparison, for each of the comparisons.",
      "Callers go on with the value."),
  /** See {@link #text}. */
  M8(
      Level.MUST,
      "No signal is lost on a rank that is about to sleep.",
      "A lost wake-up is a hang that happens once a week."),
  /** See {@link #text}. */
  M9(Level.MUST, "Signals that add lose nothing.", "Ranks count arrivals with them."),
  /** See {@link #text}. */
  M10(
      Level.MUST,
      "await() that runs out of time fails with TimedOut, and the communicator goes on.",
      "Waiting for a word takes nothing from the others."),
  /** See {@link #text}. */
  M11(
      Level.MUST,
      "A race between plain accesses gives a mixture of old and new bytes, and nothing worse.",
      "Rule 4 of the memory model."),
  /** See {@link #text}. */
  M12(
      Level.MUST,
      "Fences hold on every processor, not only on the one where the kit ran.",
      "A test on one machine shows nothing of another's memory model.",
      "a test can't show the absence of a reordering; read the code for the fences"),

  /** See {@link #text}. */
  B1(
      Level.MUST,
      "No rank leaves a barrier before the last has entered it.",
      "This is what a barrier is."),
  /** See {@link #text}. */
  B2(
      Level.MUST,
      "A barrier that all ranks have entered ends on all of them, however often and however closely they follow each other.",
      "A lost wake-up is a hang."),
  /** See {@link #text}. */
  B3(
      Level.MUST,
      "A barrier that runs out of time fails with TimedOut, not before its limit, and names exactly the missing ranks with their state.",
      "Whoever is at fault must be found from one message."),
  /** See {@link #text}. */
  B4(
      Level.MUST,
      "When a barrier broke for one rank it breaks for all that took part, also for a rank that comes later.",
      "One verdict: no partial success."),
  /** See {@link #text}. */
  B5(
      Level.MUST,
      "The limit counts from the call at the earliest, not from anything before it.",
      "Ranks compute for hours between barriers."),
  /** See {@link #text}. */
  B6(
      Level.MUST,
      "A barrier of one rank returns at once.",
      "Programs are tried with one rank first."),
  /** See {@link #text}. */
  B7(
      Level.MUST,
      "A barrier that is interrupted ends with Interrupted, leaves the thread's flag set, and breaks for the others.",
      "A program must be able to end."),
  /** See {@link #text}. */
  B8(
      Level.MUST,
      "cancel() makes every wait of the session end with Cancelled, promptly.",
      "close() from another thread depends on it."),
  /** See {@link #text}. */
  B9(
      Level.MUST,
      "Barriers of different groups and sessions don't mix.",
      "Libraries have communicators of their own."),
  /** See {@link #text}. */
  B10(
      Level.SHOULD,
      "A barrier needs no windows.",
      "Programs meet before they know how much memory they need."),

  /** See {@link #text}. */
  F1(
      Level.MUST,
      "A rank that dies while others are in a barrier makes them fail with PeerFailed that names it as DEAD, long before their limit.",
      "Nobody waits two minutes for a dead process."),
  /** See {@link #text}. */
  F2(
      Level.MUST,
      "A rank that dies while the group forms makes the others fail within their limit; a later group at the same path forms.",
      "Ranks die at start-up most of all."),
  /** See {@link #text}. */
  F3(
      Level.MUST,
      "A rank that dies makes an await() of another fail with PeerFailed that names it.",
      "The signal may never come."),
  /** See {@link #text}. */
  F4(
      Level.MUST,
      "A rank that closes while others wait for it makes them fail with PeerFailed that names it as LEFT.",
      "The first rank to end a program early must be found."),
  /** See {@link #text}. */
  F5(
      Level.MUST,
      "The failure names the right rank, whichever it is.",
      "A wrong name costs a night."),
  /** See {@link #text}. */
  F6(
      Level.MUST,
      "After a failure every later collective of the survivors fails, without waiting for its limit.",
      "Broken is broken for good."),
  /** See {@link #text}. */
  F7(Level.MUST, "A process that is stopped is ALIVE.", "Heartbeats describe, they never kill."),
  /** See {@link #text}. */
  F8(
      Level.MUST,
      "Nothing of a dead rank stays once the last rank of its group has gone.",
      "Crashes must not fill the machine."),
  /** See {@link #text}. */
  F9(
      Level.MUST,
      "peers() answers after a failure, and has the failed rank's state.",
      "This is when it is needed."),
  /** See {@link #text}. */
  F10(Level.MUST, "A failure breaks its own group only.", "Communicators are apart."),
  /** See {@link #text}. */
  F11(
      Level.MUST,
      "A failed rank is noticed on another host.",
      "Jobs span hosts.",
      "the kit runs on one machine"),

  /** See {@link #text}. */
  C1(
      Level.MUST,
      "close() returns within its limit, whatever the others do.",
      "A program must be able to end."),
  /** See {@link #text}. */
  C2(
      Level.MUST,
      "Once all ranks have closed no file is left, nor anything else in the places that the backend declares.",
      "What stays fills the machine."),
  /** See {@link #text}. */
  C3(
      Level.MUST,
      "Opening and closing again and again takes no more descriptors, threads and mappings.",
      "Long-lived programs form groups by the thousand."),
  /** See {@link #text}. */
  C4(Level.MUST, "close() frees windows that were not closed before.", "Errors skip steps."),
  /** See {@link #text}. */
  C5(Level.MUST, "close() works after a failure.", "That is when it is called most."),
  /** See {@link #text}. */
  C6(Level.MUST, "A rank that has closed is LEFT for the others.", "It isn't dead."),
  /** See {@link #text}. */
  C7(
      Level.MUST,
      "A view that is used after close() does no harm.",
      "No Java caller may crash the JVM."),
  /** See {@link #text}. */
  C8(
      Level.MUST,
      "Closing while another thread waits ends that wait.",
      "Else closing would have to wait for it.");

  private final Level level;
  private final String text;
  private final String intent;
  private final String untestable;

  /** How binding a rule is, as in RFC 2119. */
  public enum Level {
    /** A backend that breaks it is wrong. */
    MUST,
    /** There may be good reasons not to keep it; they are to be written down. */
    SHOULD,
    /** Up to the backend. */
    MAY
  }

  Rule(Level level, String text, String intent) {
    this(level, text, intent, "");
  }

  Rule(Level level, String text, String intent, String untestable) {
    this.level = level;
    this.text = text;
    this.intent = intent;
    this.untestable = untestable;
  }

  /**
   * How binding it is.
   *
   * @return the level
   */
  public Level level() {
    return level;
  }

  /**
   * What it asks for.
   *
   * @return one sentence
   */
  public String text() {
    return text;
  }

  /**
   * What it is there for.
   *
   * @return one sentence
   */
  public String intent() {
    return intent;
  }

  /**
   * Why no test can show that it is kept.
   *
   * @return the reason, or empty if the kit tests it
   */
  public Optional<String> untestable() {
    return untestable.isEmpty() ? Optional.empty() : Optional.of(untestable);
  }

  /** {@return the section of the contract, such as {@code B} for barrier} */
  String section() {
    return name().substring(0, 1);
  }
}
