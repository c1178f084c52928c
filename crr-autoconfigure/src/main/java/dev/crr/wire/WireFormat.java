package dev.crr.wire;

/** How a changeset is spelled. The model is the same. */
public enum WireFormat {

    /** For people, and for programs in languages that have nothing better. */
    JSON("application/json"),

    /** Between instances: half the work, and bytes are bytes. */
    CBOR("application/cbor");

    private final String mediaType;

    WireFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /**
     * What it is called in headers.
     *
     * @return the media type, without parameters
     */
    public String mediaType() {
        return mediaType;
    }
}
