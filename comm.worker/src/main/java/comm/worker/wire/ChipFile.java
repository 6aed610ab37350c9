package comm.worker.wire;

import comm.worker.chip.ChipBootstrapChannel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The file in a job's directory that a worker shares with the process of one chip: its bootstrap
 * channel, and behind it its mailbox.
 *
 * @param channel says how bootstrap ended
 * @param mailbox for everything after it; what the process is told at its start is in its data
 */
public record ChipFile(ChipBootstrapChannel channel, Mailbox mailbox) {

  private static final int BYTES = ChipBootstrapChannel.BYTES + Mailbox.BYTES;

  /** Where the file of a chip is. */
  public static Path path(Path directory, int chip) {
    return directory.resolve("chip-" + chip);
  }

  /**
   * Makes the file of a chip.
   *
   * @param directory of the job, which is this user's alone
   * @param setup what the process is told
   */
  public static ChipFile create(Path directory, int chip, ChipSetup setup) throws IOException {
    byte[] encoded = setup.encode();
    if (encoded.length > Mailbox.DATA_BYTES - Integer.BYTES) {
      throw new IllegalArgumentException(
          "chip " + chip + ": its configuration is too long: " + encoded.length + " bytes");
    }
    ChipFile file = open(directory, chip);
    file.mailbox.data(Mailbox.DATA_BYTES).putInt(encoded.length).put(encoded);
    return file;
  }

  /** Opens the file of a chip. */
  public static ChipFile open(Path directory, int chip) throws IOException {
    Path path = path(directory, chip);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(BYTES);
      ByteBuffer memory = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
      return new ChipFile(
          new ChipBootstrapChannel(
              memory.slice(0, ChipBootstrapChannel.BYTES), ChipBootstrapChannel.MAX_BUFFERS),
          new Mailbox(memory.slice(ChipBootstrapChannel.BYTES, Mailbox.BYTES)));
    }
  }

  /** What the process is told. */
  public ChipSetup setup() throws IOException {
    ByteBuffer data = mailbox.data(Mailbox.DATA_BYTES);
    int length = data.getInt();
    if (length < 0 || length > data.remaining()) {
      throw new IOException("a configuration of " + length + " bytes");
    }
    byte[] encoded = new byte[length];
    data.get(encoded);
    return ChipSetup.decode(encoded);
  }
}
