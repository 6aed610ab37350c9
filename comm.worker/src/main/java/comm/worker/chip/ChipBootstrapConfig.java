package comm.worker.chip;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a chip is brought up.
 *
 * @param comm the communicator that it joins; if empty, none, and then there are no buffers
 * @param buffers what is carved out of its window, in this order
 * @param hostInputs where buffers that are loaded from the host come from
 * @param hostOutputs where buffers that are stored to the host go
 */
public record ChipBootstrapConfig(
    Optional<ChipCommBootstrapConfig> comm,
    List<ChipBufferSpec> buffers,
    List<HostBufferStaging> hostInputs,
    List<HostBufferStaging> hostOutputs) {

  /** A chip without a communicator. */
  public static final ChipBootstrapConfig ALONE =
      new ChipBootstrapConfig(Optional.empty(), List.of(), List.of(), List.of());

  /**
   * Copies the lists and checks the names. What depends on the window is checked at bootstrap.
   *
   * @throws IllegalArgumentException if two buffers, two inputs or two outputs have one name, or
   *     there are more buffers than the bootstrap channel has room for
   */
  public ChipBootstrapConfig {
    requireNonNull(comm, "comm");
    buffers = List.copyOf(buffers);
    hostInputs = List.copyOf(hostInputs);
    hostOutputs = List.copyOf(hostOutputs);
    if (buffers.size() > ChipBootstrapChannel.MAX_BUFFERS) {
      throw new IllegalArgumentException(
          buffers.size()
              + " buffers, but a bootstrap channel has room for "
              + ChipBootstrapChannel.MAX_BUFFERS);
    }
    checkUnique("buffer", buffers.stream().map(ChipBufferSpec::name).toList());
    checkUnique("host input", hostInputs.stream().map(HostBufferStaging::name).toList());
    checkUnique("host output", hostOutputs.stream().map(HostBufferStaging::name).toList());
  }

  private static void checkUnique(String what, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException("duplicate " + what + " name: \"" + name + "\"");
      }
    }
  }

  /**
   * A chip with buffers in its window.
   *
   * @param comm the communicator that it joins
   * @param buffers what is carved out of its window, in this order
   * @return the configuration, without staging
   * @throws IllegalArgumentException as the constructor
   */
  public static ChipBootstrapConfig of(ChipCommBootstrapConfig comm, ChipBufferSpec... buffers) {
    return new ChipBootstrapConfig(Optional.of(comm), List.of(buffers), List.of(), List.of());
  }

  /**
   * The same with other inputs.
   *
   * @param inputs where buffers that are loaded from the host come from
   * @return a copy
   * @throws IllegalArgumentException as the constructor
   */
  public ChipBootstrapConfig withHostInputs(HostBufferStaging... inputs) {
    return new ChipBootstrapConfig(comm, buffers, List.of(inputs), hostOutputs);
  }

  /**
   * The same with other outputs.
   *
   * @param outputs where buffers that are stored to the host go
   * @return a copy
   * @throws IllegalArgumentException as the constructor
   */
  public ChipBootstrapConfig withHostOutputs(HostBufferStaging... outputs) {
    return new ChipBootstrapConfig(comm, buffers, hostInputs, List.of(outputs));
  }

  /**
   * The input of a buffer.
   *
   * @param name the buffer's name
   * @return where it comes from
   * @throws IllegalArgumentException if there is none
   */
  public HostBufferStaging inputStaging(String name) {
    return find("input", hostInputs, name);
  }

  /**
   * The output of a buffer.
   *
   * @param name the buffer's name
   * @return where it goes
   * @throws IllegalArgumentException if there is none
   */
  public HostBufferStaging outputStaging(String name) {
    return find("output", hostOutputs, name);
  }

  private static HostBufferStaging find(
      String what, List<HostBufferStaging> stagings, String name) {
    return stagings.stream()
        .filter(staging -> staging.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no host "
                        + what
                        + " \""
                        + name
                        + "\"; there are "
                        + stagings.stream().map(HostBufferStaging::name).toList()));
  }
}
