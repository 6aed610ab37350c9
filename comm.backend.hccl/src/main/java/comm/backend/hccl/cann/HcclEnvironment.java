package comm.backend.hccl.cann;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The variables by which HCCL is set, read as HCCL reads them; for limits and for messages. */
public final class HcclEnvironment {

  /** A variable, and what holds without it; empty if there is no default. */
  private record Variable(String name, String fallback) {}

  private static final String CONNECT_TIMEOUT = "HCCL_CONNECT_TIMEOUT";
  private static final String EXEC_TIMEOUT = "HCCL_EXEC_TIMEOUT";
  private static final long CONNECT_DEFAULT = 120;
  private static final long CONNECT_LONGEST = 7200;
  private static final long EXEC_DEFAULT = 1836;

  /** HCCL itself waits this much longer than it is told to. */
  private static final Duration CONNECT_GRACE = Duration.ofSeconds(20);

  private static final List<Variable> VARIABLES =
      List.of(
          new Variable(CONNECT_TIMEOUT, Long.toString(CONNECT_DEFAULT)),
          new Variable(EXEC_TIMEOUT, Long.toString(EXEC_DEFAULT)),
          new Variable("HCCL_IF_IP", ""),
          new Variable("HCCL_SOCKET_IFNAME", ""),
          new Variable("HCCL_IF_BASE_PORT", "60000"),
          new Variable("HCCL_BUFFSIZE", "200"),
          new Variable("HCCL_OP_EXPANSION_MODE", "AI_CPU on A3, HOST on A2"),
          new Variable("HCCL_WHITELIST_DISABLE", "1"),
          new Variable("ASCEND_RT_VISIBLE_DEVICES", ""),
          new Variable("ASCEND_PROCESS_LOG_PATH", ""));

  private final Map<String, String> environment;

  public HcclEnvironment(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** How long HCCL is told to wait for ranks to connect. */
  public Duration connectTimeout() {
    return Duration.ofSeconds(
        seconds(CONNECT_TIMEOUT, CONNECT_DEFAULT, CONNECT_LONGEST).orElse(CONNECT_DEFAULT));
  }

  /** How long it takes until HCCL gives up. */
  public Duration connectDeadline() {
    return connectTimeout().plus(CONNECT_GRACE);
  }

  /** How long HCCL lets an operation run on the device; zero for any time. */
  public Duration execTimeout() {
    return Duration.ofSeconds(seconds(EXEC_TIMEOUT, 0, Integer.MAX_VALUE).orElse(EXEC_DEFAULT));
  }

  /** The variable as a whole number from {@code least} to {@code most}. */
  private OptionalLong seconds(String name, long least, long most) {
    String value = environment.getOrDefault(name, "");
    if (value.length() > 10 || !value.matches("[0-9]+")) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(value);
    return number < least || number > most ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /** All variables in one line, each with its value or what holds without it. */
  public String inForce() {
    List<String> parts = new ArrayList<>();
    for (Variable variable : VARIABLES) {
      parts.add(variable.name + "=" + inForce(variable));
    }
    return String.join(" ", parts);
  }

  private String inForce(Variable variable) {
    String value = environment.getOrDefault(variable.name, "");
    if (value.isEmpty()) {
      return variable.fallback.isEmpty() ? "(not set)" : "(default " + variable.fallback + ")";
    }
    return isGarbage(variable.name)
        ? value + " (not valid; default " + variable.fallback + " assumed)"
        : value;
  }

  private boolean isGarbage(String name) {
    return switch (name) {
      case CONNECT_TIMEOUT -> seconds(name, CONNECT_DEFAULT, CONNECT_LONGEST).isEmpty();
      case EXEC_TIMEOUT -> seconds(name, 0, Integer.MAX_VALUE).isEmpty();
      case "HCCL_IF_BASE_PORT" -> seconds(name, 1024, 65520).isEmpty();
      case "HCCL_BUFFSIZE" -> seconds(name, 1, Integer.MAX_VALUE).isEmpty();
      case "HCCL_WHITELIST_DISABLE" -> seconds(name, 0, 1).isEmpty();
      default -> false;
    };
  }
}
