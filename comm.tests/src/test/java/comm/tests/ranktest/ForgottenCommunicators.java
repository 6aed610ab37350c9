package comm.tests.ranktest;

import comm.api.Communicator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a failing test leaves open, so that the one that expects it can close it. */
final class ForgottenCommunicators {

  static final List<Communicator> LIST = new CopyOnWriteArrayList<>();

  private ForgottenCommunicators() {}
}
