package dev.crr;

/**
 * A change that was set aside because it cannot be applied to this database.
 *
 * @param change the change
 * @param reason why it cannot
 * @param origin the database that sent it
 * @param retried whether it is tried again when its row or the schema changes; a change that is out of bounds, or that the
 *     {@link ChangePolicy} refused, is not
 */
public record QuarantinedChange(Change change, String reason, SiteId origin, boolean retried) {}
